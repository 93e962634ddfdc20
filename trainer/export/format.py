"""What an export is, known without torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Format = Literal["onnx", "torch_export", "openvino", "torchscript"]

SUFFIXES: dict[Format, str] = {
    "onnx": ".onnx",
    "torch_export": ".pt2",
    "openvino": ".xml",
    "torchscript": ".pt",
}
TITLES: dict[Format, str] = {
    "onnx": "ONNX",
    "torch_export": "torch.export",
    "openvino": "OpenVINO IR",
    "torchscript": "TorchScript",
}
ALIASES: dict[str, Format] = {"pt2": "torch_export"}
"""Other names of formats, on the command line."""
DEPRECATED: frozenset[Format] = frozenset({"torchscript"})
"""Formats whose makers advise against them, and may drop them."""

METADATA_FILE = "metadata.json"
"""The extra file in an archive of torch's that says what the model is."""
OPENVINO_METADATA = ("fruitgui", "metadata")
"""Where OpenVINO's runtime information says it."""


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

    @property
    def files(self) -> tuple[Path, ...]:
        """All that was written: the export, which may be two files, and its card."""
        return (*files_of(self.path, self.format), self.card)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "path": str(self.path),
            "files": [str(file) for file in self.files],
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


def files_of(export: Path, format: Format) -> tuple[Path, ...]:
    """The files that an export is, the one that it is opened by first."""
    return (export, weights_of(export)) if format == "openvino" else (export,)


def weights_of(export: Path) -> Path:
    """Where OpenVINO looks for the weights of a model."""
    return export.with_suffix(".bin")


def card_of(export: Path) -> Path:
    """Where the model card of an export lies."""
    return export.with_name(f"{export.name}.md")
