"""What a model says of a photo. Nothing here imports torch."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.data.zips import shown
from trainer.errors import TrainerError

State = Literal["label", "not_sure", "nothing"]
"""What is said of a live image: a class; that there is something, but what; or nothing there."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A class and its probability."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says of one image."""

    label: str | None
    """The most probable class; None where the model is not sure enough to name one."""
    confidence: float
    """The calibrated probability of the most probable class, from 0 to 1."""
    top: tuple[Ranked, ...]
    """The most probable classes, best first, also where ``label`` is None."""
    familiarity: float = 1.0
    """The share of the model's right answers to validation photos that looked less familiar to it,
    from 0 to 1."""

    @property
    def unknown(self) -> bool:
        return self.label is None

    def with_threshold(self, threshold: float) -> "Answer":
        """The same answer, unknown if it looks less familiar than *threshold*."""
        label = self.top[0].label if self.familiarity >= threshold else None
        return self if label == self.label else dataclasses.replace(self, label=label)


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """What is to be shown of a camera's newest frames."""

    state: State
    label: str | None
    """The class, where the state is ``label``."""
    confidence: float
    """The mean calibrated probability of the class that is shown, or else of the most probable."""
    top: tuple[Ranked, ...]
    """The most probable classes, what is shown first, then best first."""
    is_inferred: bool
    """Whether the model was asked, or the scene had not changed."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What became of one photo: an answer, or the reason why there is none."""

    path: Path
    answer: Answer | None = None
    error: TrainerError | None = None
    digest: str = ""
    """Of the file's content, 32 hexadecimal digits; empty where it could not be read."""
    is_cut_off: bool = False
    """Whether the end of the file is missing, so that the answer is to what there is of it."""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, with the same keys whether there is an answer or not."""
        answer = self.answer
        return {
            "path": shown(self.path),
            "label": answer.label if answer else None,
            "confidence": answer.confidence if answer else None,
            "top": [
                {"label": ranked.label, "probability": ranked.probability}
                for ranked in (answer.top if answer else ())
            ],
            "unknown": answer is not None and answer.unknown,
            "error": str(self.error) if self.error else None,
        }
