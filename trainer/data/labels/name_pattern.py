"""Labels in the names of photos, by a pattern that people can write: ``{label}_*``."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

from trainer.data.labels.table import names_image
from trainer.data.split_names import split_named
from trainer.errors import DatasetError

_PART = re.compile(r"\{label\}|\{split\}|\{\*\}|\{#\}|\{number\}|\*|#")
_NUMBERS = frozenset(("#", "{#}", "{number}"))
_SEPARATORS = ("_", "-", " ", ".", "__", " - ")
_MOST_NAMES = 2000
"""Names that patterns are tried on, from the whole of them."""
_LEAST_FITTING = 0.8
_SEVERAL = 3
"""Photos of a class, so that it is one rather than a name of its own."""


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a pattern finds in a name. Ranges are of characters in the photo's place, in
    Unicode's composed form, with ``/`` between folders."""

    label: str
    split: str | None
    label_range: tuple[int, int]
    split_range: tuple[int, int] | None = None


class NamePattern:
    """A pattern of photos' names.

    ``{label}`` is the class, ``{split}`` is train, validation or test under whatever name, ``*`` is
    anything, ``#`` a number; all else stands for itself, be it in capitals. With ``/`` it is of the
    folders above as well. Without a suffix such as ``.jpg`` at its end it is of the name without
    one. Where there are several ways, ``*`` in front of the label takes as much as it can, and the
    label as little.
    """

    def __init__(self, text: str) -> None:
        """Raises:
        DatasetError: it has no ``{label}``, or two of them.
        """
        self.text = unicodedata.normalize("NFC", text.strip().strip("/"))
        for field, most in (("{label}", 1), ("{split}", 1)):
            if self.text.count(field) > most or (field == "{label}" and field not in self.text):
                raise DatasetError(
                    "The pattern “{pattern}” needs one {field}, as in {example}.",
                    pattern=text,
                    field="{label}",
                    example="{label}_*",
                )
        self._depth = self.text.count("/") + 1
        self._has_suffix = names_image(self.text) or self.text.endswith((".*", ".{*}"))
        self._expression = re.compile(self._as_expression(), re.IGNORECASE)

    def _as_expression(self) -> str:
        """Between the fields that are looked for, all but the last ``*`` of a stretch end where
        what follows them comes first, and never again: what stands between two of them decides
        nothing, and to try all of its places takes hours with some names."""
        parts: list[str] = []
        stretch: list[str] = [""]
        """What stands before, between and after the ``*`` since the last field."""
        end = digits = 0
        has_label = False

        def close(is_field_next: bool) -> None:
            first, *others = stretch
            parts.append(first)
            for number, text in enumerate(others, start=1):
                if number < len(others):
                    shortest = text.replace(",}", ",}?")
                    parts.append(f"(?>[^/]*?{shortest})" if text else "")
                else:
                    parts.append(("[^/]*" if is_field_next and not has_label else "[^/]*?") + text)
            stretch[:] = [""]

        for match in (*_PART.finditer(self.text), None):
            start = len(self.text) if match is None else match.start()
            if match is None or start > end or match[0] not in _NUMBERS:
                stretch[-1] += rf"\d{{{digits},}}" if digits else ""
                digits = 0
            stretch[-1] += re.escape(self.text[end:start])
            if match is None:
                break
            end = match.end()
            if match[0] in {"{label}", "{split}"}:
                close(is_field_next=True)
                has_label = has_label or match[0] == "{label}"
                parts.append(f"(?P<{match[0][1:-1]}>[^/]+?)")
            elif match[0] in _NUMBERS:
                digits += 1
            else:
                stretch.append("")
        close(is_field_next=False)
        return "".join(parts)

    def parts_of(self, place: PurePath) -> NameParts | None:
        """What a photo's place in the photos' folder says; None where it does not fit."""
        names = [unicodedata.normalize("NFC", name) for name in place.parts]
        if len(names) < self._depth:
            return None
        above, tail = names[: -self._depth], "/".join(names[-self._depth :])
        if not self._has_suffix:
            tail = tail.removesuffix(PurePosixPath(names[-1]).suffix)
        match = self._expression.fullmatch(tail)
        if match is None or not match["label"].strip(" _-."):
            return None
        start = sum(len(name) + 1 for name in above)
        has_split = "{split}" in self.text
        return NameParts(
            match["label"].strip(),
            split_named(match["split"]) or "" if has_split else None,
            (start + match.start("label"), start + match.end("label")),
            (start + match.start("split"), start + match.end("split")) if has_split else None,
        )


def propose_patterns(places: Iterable[PurePath]) -> list[str]:
    """Patterns that divide these names into few classes with several photos each, the best first;
    none where no pattern does."""
    places = list(places)
    sample = places[:: max(1, len(places) // _MOST_NAMES)]
    if len(sample) < 2:
        return []
    ranked: list[tuple[float, int, str]] = []
    met: set[tuple[str, ...]] = set()
    for number, text in enumerate(_candidates(sample)):
        labels = _labels(NamePattern(text), sample)
        value = _worth(labels, len(sample))
        # Of patterns that come to the same, the first is the plainest.
        if value > 0 and (key := tuple(labels)) not in met:
            met.add(key)
            ranked.append((-value, number, text))
    return [text for _, _, text in sorted(ranked)]


def _labels(pattern: NamePattern, places: Sequence[PurePath]) -> list[str]:
    """The label of each; empty where it does not fit, or its split is none."""
    parts = [pattern.parts_of(place) for place in places]
    return ["" if each is None or each.split == "" else each.label for each in parts]


def _worth(labels: Sequence[str], count: int) -> float:
    """How well labels divide photos, from 0 to 1."""
    classes = Counter(label for label in labels if label)
    classes = Counter({name: n for name, n in classes.items() if re.search(r"[^\W\d_]", name)})
    several = sum(n for n in classes.values() if n >= min(_SEVERAL, count // 2))
    if len(classes) < 2 or several < _LEAST_FITTING * count:
        return 0.0
    # What has digits in it is a day or a plant rather than a class.
    dated = sum(re.search(r"\d", name) is not None for name in classes) > len(classes) / 2
    # And what begins all of them tells none apart, such as a camera's “IMG_”.
    begun = any(
        all(separator in name for name in classes)
        and len({name.partition(separator)[0] for name in classes}) == 1
        for separator in _SEPARATORS
    )
    return round(several / count, 1) - 0.2 * (dated + begun)


def _candidates(places: Sequence[PurePath]) -> list[str]:
    """Patterns to try: those with a number first, for a label may have separators in it."""
    stems = [place.stem for place in places]
    present = [s for s in _SEPARATORS if sum(s in stem for stem in stems) >= len(stems) / 2]
    of_names = []
    for separator in present:
        of_names += [f"{{label}}{separator}#", f"#{separator}{{label}}"]
    of_names += ["{label} (#)", "{label}(#)", "{label}#"]
    for separator in present:
        of_names += [f"{{label}}{separator}*", f"*{separator}{{label}}"]
        of_names += [f"*{separator}{{label}}{separator}#", f"*{separator}{{label}}{separator}*"]
    with_splits = [f"{{split}}{separator}{text}" for separator in present for text in of_names]
    if any(split_named(part) for place in places for part in place.parts[:-1]):
        with_splits += [f"{{split}}/{text}" for text in of_names]
    first = stems[0]
    if any(split_named(first.partition(separator)[0]) for separator in present) or any(
        split_named(part) for part in places[0].parts[:-1]
    ):
        return [*with_splits, *of_names]
    return of_names
