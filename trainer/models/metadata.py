"""What a model file says of itself, read without torch.

A model is one safetensors file: a header of JSON, then the weights. Our metadata is in the header's
``__metadata__``, each value a string, and those that are not text hold JSON.
"""

import dataclasses
import json
import math
import re
import struct
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

from trainer.config.architectures import IMAGENET_MEAN, IMAGENET_STD
from trainer.config.recipe import Resize
from trainer.errors import ModelFileError

FORMAT = "fruitgui-model/1"
SUFFIX = ".safetensors"
_BESIDE_WEIGHTS = ("familiarity.", "growth.")
FAMILIARITY_LEVELS = 101
"""How many bounds ``familiar_scores`` has: of 0% of the right answers, 1%, and so on to 100%."""
ModelHeadKind = Literal["notebook", "linear", "joint", "layers"]
"""A recipe's kinds of head; and ``layers``, of networks that learnt elsewhere: linear layers with
an activation and dropout between them, as ``head_widths`` and ``head_activations`` say."""
Activation = Literal["relu", "hardswish", "silu", "gelu", "tanh"]
AssumedActivation = Literal["relu", "hardswish", "silu", "gelu", "tanh", "none"]
"""What may stand between two layers where nothing tells; *none* is nothing, or dropout alone."""
_LARGEST_IMAGE = 4096
_MAX_HEADER_BYTES = 100 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """Photos that a finished model was taught at once: see :mod:`trainer.teaching`."""

    id: str
    """It is told by this, whichever others are taken back."""
    kind: str
    photos: int
    at: str
    """UTC, ISO 8601."""

    def __post_init__(self) -> None:
        """Check what comes from a file that anyone may have written.

        Raises:
            ValueError: a value is impossible.
        """
        texts = (self.id, self.kind, self.at)
        is_count = isinstance(self.photos, int) and 0 < self.photos < 2**31
        if not is_count or not all(isinstance(text, str) for text in texts):
            raise ValueError("impossible metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """All that is needed to use a model, beside its weights."""

    title: str
    architecture: str
    classes: tuple[str, ...]
    head: ModelHeadKind = "notebook"
    head_width: int = 512
    head_widths: tuple[int, ...] = ()
    """Of a head of ``layers``: the widths of those before the last."""
    head_activations: tuple[Activation, ...] = ()
    """Of a head of ``layers``: what follows each of those."""
    image_size: int = 224
    resize: Resize = "squash"
    mean: tuple[float, ...] = IMAGENET_MEAN
    std: tuple[float, ...] = IMAGENET_STD
    temperature: float = 1.0
    """Logits are divided by it before softmax, so that the confidence is calibrated."""
    threshold: float = 0.0
    """What looks less familiar is called unknown: 0.05 keeps 95% of the right answers. In a file
    without ``familiar_scores``, confidence stands for familiarity."""
    norm_weight: float = 0.0
    cosine_weight: float = 0.0
    odds_weight: float = 0.0
    familiar_scores: tuple[float, ...] = ()
    """Of :class:`trainer.models.ood_score.OodScore`; empty where the model was not calibrated
    so."""
    metrics: dict[str, float] = field(default_factory=dict)
    data_fingerprint: str = ""
    """Of the photos that it learnt from."""
    data_place: str = ""
    """A digest of where they lay."""
    licence: str = ""
    """The licence of what it learnt from."""
    weights_licence: str = ""
    """The licence of the weights that it started from."""
    created: str = ""
    """UTC, ISO 8601."""
    taught: tuple[Teaching, ...] = ()
    """What the model was taught since, in its order."""
    grown_from: str = ""
    """Of a model that was taught more, the digest of the file that it was before: their trunks, and
    so what engines make of photos, are the same."""
    before: dict[str, Any] = field(default_factory=dict)
    """What that file said of itself, as far as it is another now."""

    def __post_init__(self) -> None:
        """Check what comes from a file that anyone may have written.

        Raises:
            ValueError: a value is impossible.
        """
        texts = (self.title, self.architecture, *self.classes, self.head, self.resize)
        is_possible = (
            isinstance(self.classes, tuple)
            and len(self.classes) > 0
            and all(isinstance(text, str) for text in texts)
            and self.head in get_args(ModelHeadKind)
            and self.resize in get_args(Resize)
            and isinstance(self.image_size, int)
            and 1 <= self.image_size <= _LARGEST_IMAGE
            and isinstance(self.head_width, int)
            and len(self.head_widths) == len(self.head_activations)
            and bool(self.head_widths) == (self.head == "layers")
            and all(isinstance(width, int) and width > 0 for width in self.head_widths)
            and all(name in get_args(Activation) for name in self.head_activations)
            and len(self.mean) == len(self.std) == 3
            and self.temperature > 0
            and math.isfinite(self.temperature)
            and 0 <= self.threshold <= 1
            and math.isfinite(self.norm_weight)
            and math.isfinite(self.cosine_weight)
            and math.isfinite(self.odds_weight)
            and len(self.familiar_scores) in {0, FAMILIARITY_LEVELS}
            and all(math.isfinite(score) for score in self.familiar_scores)
            and all(a <= b for a, b in pairwise(self.familiar_scores))
            and isinstance(self.metrics, dict)
            and isinstance(self.before, dict)
            and isinstance(self.grown_from, str)
            # It becomes part of a path.
            and re.fullmatch(r"[0-9a-f]{24}|", self.grown_from) is not None
            and _are_first(self.before.get("classes", ()), self.classes)
        )
        if not is_possible:
            raise ValueError("impossible metadata")

    @property
    def knows_background(self) -> bool:
        """Whether its logits are log-odds against a background: see
        :mod:`trainer.models.joint_head`."""
        return self.head == "joint"

    @property
    def taught_kinds(self) -> tuple[str, ...]:
        """The classes that it did not know before it was taught more."""
        before = self.before.get("classes", self.classes)
        return self.classes[len(before) :]

    def to_metadata(self) -> dict[str, str]:
        values = dataclasses.asdict(self)
        return {"format": FORMAT} | {
            key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for key, value in values.items()
        }

    @classmethod
    def from_metadata(cls, metadata: dict[str, str], path: Path) -> "ModelInfo":
        """Read what :meth:`to_metadata` wrote.

        Raises:
            ModelFileError: *metadata* is not a model's of this app.
        """
        if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
            raise ModelFileError(
                "“{path}” is a safetensors file, but not a model of this app.", path=path.name
            )
        try:
            values = {
                f.name: _value(f.type, metadata[f.name])
                for f in dataclasses.fields(cls)
                if f.name in metadata
            }
            if isinstance(metrics := values.get("metrics"), dict):
                values["metrics"] = {
                    name: value for name, value in metrics.items() if _is_finite(value)
                }
            values["taught"] = tuple(Teaching(**each) for each in values.get("taught", ()))
            return cls(**values)
        except (ValueError, TypeError, OverflowError) as error:
            raise _damaged(path, error) from error


def _are_first(names: object, classes: tuple[str, ...]) -> bool:
    """Whether these are the first of the classes."""
    if not isinstance(names, list | tuple):
        return False
    return tuple(names) == classes[: len(names)]


def _is_finite(value: object) -> bool:
    # JSON knows whole numbers that no float is as large as.
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max


def _value(annotation: Any, text: str) -> Any:
    if annotation in (str, ModelHeadKind, Resize):
        return text
    value = json.loads(text)
    return tuple(value) if isinstance(value, list) else value


def _damaged(path: Path, detail: object) -> ModelFileError:
    return ModelFileError(
        "“{path}” is damaged or not a model file ({detail}).", path=path.name, detail=detail
    )


def is_weight(name: str) -> bool:
    """Whether a tensor of a model file is one of its network's, and not beside them."""
    return not name.startswith(_BESIDE_WEIGHTS)


def is_model_file(path: Path) -> bool:
    """Whether a file says that it is a model of this app."""
    try:
        return _read_metadata(path).get("format") == FORMAT
    except (ModelFileError, AttributeError):
        return False


def read_model_info(path: Path) -> ModelInfo:
    """Read a model file's metadata without its weights.

    Raises:
        ModelFileError: it is missing, damaged, or not a model of this app.
    """
    return ModelInfo.from_metadata(_read_metadata(path), path)


def _read_metadata(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > _MAX_HEADER_BYTES:
                raise _damaged(path, "no safetensors header")
            header = json.loads(file.read(length))
        metadata: dict[str, str] = header.get("__metadata__", {})
    except FileNotFoundError:
        raise ModelFileError("There is no model file “{path}”.", path=path) from None
    except OSError as error:
        raise ModelFileError(
            "“{path}” cannot be read ({detail}).", path=path, detail=error.strerror
        ) from error
    except (ValueError, struct.error, AttributeError, RecursionError) as error:
        raise _damaged(path, "no safetensors header") from error
    return metadata
