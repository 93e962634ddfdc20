"""Which of ImageNet's 1,000 classes are produce, and under what names a data set may have them."""

from collections.abc import Iterable, Mapping, Sequence

from trainer.data.synonyms import USUAL, plain_name

CLASS_COUNT = 1000

_KINDS: Mapping[str, tuple[int, ...]] = {
    "acorn squash": (941,),
    "apple": (948,),  # Granny Smith
    "artichoke": (944,),
    "banana": (954,),
    "bell pepper": (945,),
    "broccoli": (937,),
    "brown cap mushroom": (947,),
    "butternut squash": (942,),
    "cabbage": (936,),
    "cauliflower": (938,),
    "corn": (987, 998),  # corn; ear
    "cucumber": (943,),
    "custard apple": (956,),
    "fig": (952,),
    "jackfruit": (955,),
    "lemon": (951,),
    "mushroom": (947,),
    "orange": (950,),
    "pepper": (945,),
    "pineapple": (953,),
    "pomegranate": (957,),
    "spaghetti squash": (940,),
    "strawberry": (949,),
    "zucchini": (939,),
}
"""Indices of ImageNet's classes, by :func:`trainer.data.synonyms.plain_name`."""


def imagenet_classes_of(class_name: str) -> tuple[int, ...]:
    """The indices of ImageNet's classes that are of a kind of produce, also by a usual synonym;
    none where ImageNet lacks it."""
    name = plain_name(class_name)
    synonyms = next((group for group in USUAL if name in group), (name,))
    return next((_KINDS[each] for each in (name, *synonyms) if each in _KINDS), ())


def claimed(classes: Sequence[str]) -> dict[int, int]:
    """Which of *classes*, by its place among them, each of ImageNet's classes is; those that are
    none of them are left out. The first of two that mean the same has it."""
    places: dict[int, int] = {}
    for place, name in enumerate(classes):
        for index in imagenet_classes_of(name):
            places.setdefault(index, place)
    return places


def not_among(classes: Iterable[str]) -> tuple[str, ...]:
    """Kinds of ImageNet's that are not among *classes*, capitalised, in alphabetical order."""
    known = {index for name in classes for index in imagenet_classes_of(name)}
    others = []
    for name, indices in _KINDS.items():
        # Some have two names.
        if not known & set(indices):
            others.append(name.capitalize())
            known.update(indices)
    return tuple(others)
