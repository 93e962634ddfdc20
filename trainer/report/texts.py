"""A report's words and figures, in English or Korean."""

import json
from collections.abc import Sequence
from datetime import datetime

from trainer import paths
from trainer.data.class_names import Language, name_in, told_apart
from trainer.data.particles import with_particles
from trainer.data.synonyms import plain_name
from trainer.errors import TrainerError


def catalogue() -> dict[str, str]:
    """The Korean of each English text."""
    file = paths.assets_folder() / "report" / "ko.json"
    texts: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return texts


def text(english: str) -> str:
    """Marks a text of a table, which :meth:`Texts.t` translates where it is looked up."""
    return english


SPLITS = {
    "train": text("training"),
    "validation": text("validation"),
    "test": text("test"),
    "all": text("all photos"),
}


class Texts:
    """Translates and formats for one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._korean = catalogue() if language == "ko" else {}

    def t(self, english: str, **values: object) -> str:
        """A text in the report's language, filled in."""
        found = self._korean.get(english, english)
        return with_particles(found.format(**values)) if values else found

    def error(self, error: TrainerError) -> str:
        """An error's sentence; in English where the report's language lacks it."""
        details = {
            key: self.split(str(value)) if key in {"split", "leading"} else value
            for key, value in error.details.items()
        }
        return self.t(error.template, **details)

    def split(self, name: str) -> str:
        return self.t(SPLITS.get(name, name))

    def percent(self, share: float) -> str:
        return f"{share:.1%}"

    def interval(self, bounds: tuple[float, float]) -> str:
        """Bounds of a share, from 0 to 1, as a range of percents."""
        low, high = bounds
        return self.t("{low} to {high}", low=self.percent(low), high=self.percent(high))

    def points(self, difference: float) -> str:
        """A difference of two shares, in percentage points, with its sign."""
        return f"{100 * difference:+.1f}".replace("-", "−")

    def probability(self, value: float) -> str:
        return "< 0.001" if value < 0.001 else f"{value:.3f}"

    def count(self, value: int) -> str:
        """A large number, to three digits."""
        for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if value >= size:
                return f"{value / size:.3g} {unit}"
        return str(value)

    def size(self, byte_count: int) -> str:
        return f"{byte_count / 1e6:.1f} MB" if byte_count >= 1e5 else f"{byte_count / 1e3:.1f} kB"

    def duration(self, seconds: float) -> str:
        if seconds < 10:
            return self.t("{seconds} s", seconds=f"{seconds:.1f}")
        if seconds < 60:
            return self.t("{seconds} s", seconds=round(seconds))
        minutes = round(seconds / 60)
        if minutes < 60:
            return self.t("{minutes} min", minutes=minutes)
        return self.t("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)

    def date(self, moment: datetime) -> str:
        """A moment, in this computer's time zone."""
        here = moment.astimezone()
        return self.t(
            "{year}-{month}-{day} {time}",
            year=here.year,
            month=f"{here.month:02}" if self.language == "en" else here.month,
            day=f"{here.day:02}" if self.language == "en" else here.day,
            time=f"{here:%H:%M}",
        )


class ClassNames:
    """What to call a data set's classes in the report's language."""

    def __init__(self, classes: Sequence[str], language: Language) -> None:
        self._short = told_apart({name: name_in(name, language) for name in classes})

    def short(self, name: str) -> str:
        """Alone, for axes and lists."""
        return self._short.get(name, name)

    def own(self, name: str) -> str:
        """The data set's own name, where it says more than :meth:`short`; else empty."""
        short = self.short(name)
        is_same = plain_name(short) == plain_name(name) or f"({name})" in short
        return "" if is_same else name

    def full(self, name: str) -> str:
        own = self.own(name)
        return f"{self.short(name)} ({own})" if own else self.short(name)
