"""Which names of classes mean the same class, though they are written otherwise."""

import re
from collections.abc import Iterable, Mapping, Sequence

from trainer.data.class_names import mean_the_same
from trainer.data.synonyms import plain_name
from trainer.errors import DatasetError

_PLURALS = (
    (re.compile(r"(?<=\w\w)ies$"), "y"),  # berries
    (re.compile(r"(?<=[^h]o)es$"), ""),  # tomatoes; not shoes
    (re.compile(r"(?<=ch|sh|ss)es$"), ""),  # peaches, radishes
    (re.compile(r"(?<=x)es$"), ""),  # boxes
    (re.compile(r"(?<=[^s])s$"), ""),  # apples; not cress
)
"""Endings of English plurals, and what stands in their place in the singular."""


def match_classes(names: Iterable[str], known: Sequence[str]) -> dict[str, str]:
    """Which of the *known* classes each of *names* is: the one of that very name; or else the one
    that differs from it only by case, hyphens, spaces, number or language, as ``Bell-Peppers`` from
    ``bell_pepper`` and 사과 from ``Apple``. Those that are none of them, or might be two of them,
    are left out."""
    exact = set(known)
    alike: dict[str, list[str]] = {}
    for name in known:
        alike.setdefault(_key(name), []).append(name)
    matches = {}
    for name in names:
        candidates = [name] if name in exact else alike.get(_key(name), [])
        candidates = candidates or [each for each in known if mean_the_same(each, name)]
        if len(candidates) == 1:
            matches[name] = candidates[0]
    return matches


def matching_note(matches: Mapping[str, str]) -> DatasetError | None:
    """The sentence that says which names were taken for others; None where none was."""
    pairs = [f"{name} = {known}" for name, known in matches.items() if name != known]
    if not pairs:
        return None
    return DatasetError(
        "Classes of nearly the same name count as the model's: {pairs}.", pairs=", ".join(pairs)
    )


def _key(name: str) -> str:
    """What is left of a name without case, hyphens, spaces and number."""
    plain = plain_name(name)
    for plural, singular in _PLURALS:
        if plural.search(plain):
            plain = plural.sub(singular, plain)
            break
    return plain.replace(" ", "")
