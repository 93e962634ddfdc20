"""What an export is, known without torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Format = Literal["onnx", "torchscript"]

SUFFIXES: dict[Format, str] = {"onnx": ".onnx", "torchscript": ".pt"}
TITLES: dict[Format, str] = {"onnx": "ONNX", "torchscript": "TorchScript"}

METADATA_FILE = "metadata.json"
"""The extra file in a TorchScript archive that says what the model is."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that was checked, and how close to the model its answers are."""

    path: Path
    card: Path
    """The model card beside it."""
    format: Format
    with_preprocessing: bool
    """Whether it takes a photo as it is, or normalised squares."""
    checked: int
    """How many photos both answered."""
    of_yours: int
    """How many of them were the user's; the others are samples, and made."""
    largest_difference: float
    """Between two probabilities of one class."""
    largest_familiarity_difference: float
    """0 of a model that was not calibrated."""
    ties: int
    """Photos that were named otherwise where the model itself had two classes as good as level."""
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "path": str(self.path),
            "card": str(self.card),
            "format": self.format,
            "with_preprocessing": self.with_preprocessing,
            "checked": self.checked,
            "of_yours": self.of_yours,
            "largest_difference": self.largest_difference,
            "largest_familiarity_difference": self.largest_familiarity_difference,
            "ties": self.ties,
            "seconds": self.seconds,
        }


def card_of(export: Path) -> Path:
    """Where the model card of an export lies."""
    return export.with_name(f"{export.name}.md")
