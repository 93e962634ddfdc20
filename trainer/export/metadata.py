"""What an export says of itself: all that is needed to use it without this app."""

import json
from collections.abc import Mapping
from typing import Any

from trainer.data.class_names import name_in
from trainer.models.metadata import ModelInfo

FORMAT = "fruitgui-export/1"


def metadata_of(info: ModelInfo, with_preprocessing: bool) -> dict[str, Any]:
    """An export's metadata, as JSON values."""
    is_calibrated = bool(info.familiar_scores)
    return {
        "format": FORMAT,
        "title": info.title,
        "architecture": info.architecture,
        "classes": list(info.classes),
        "labels_en": [name_in(name, "en") for name in info.classes],
        "labels_ko": [name_in(name, "ko") for name in info.classes],
        "input": _photo(info) if with_preprocessing else _images(info),
        "outputs": {
            "probabilities": "float32 (N, classes), calibrated, of the classes in their order",
            "logits": "float32 (N, classes); divided by the temperature, their softmax "
            + ("beside a 0 for the background " if info.knows_background else "")
            + "is the probabilities",
        }
        | (
            {"familiarity": "float32 (N,), the share of right answers that looked less familiar"}
            if is_calibrated
            else {}
        ),
        "temperature": info.temperature,
        "threshold": info.threshold,
        "unknown": {
            "below": info.threshold,
            "output": "familiarity" if is_calibrated else "probabilities",
            "rule": "unknown where the familiarity is below the threshold"
            if is_calibrated
            else "unknown where the largest probability is below the threshold",
        },
        "metrics": info.metrics,
        "data_fingerprint": info.data_fingerprint,
        "licence": info.licence,
        "created": info.created,
    }


def as_texts(metadata: Mapping[str, Any]) -> dict[str, str]:
    """For ONNX, where each value is a text: what is none is JSON, as in a model file."""
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in metadata.items()
    }


def from_texts(texts: Mapping[str, str]) -> dict[str, Any]:
    """What :func:`as_texts` was given."""
    plain = {"format", "title", "architecture", "data_fingerprint", "licence", "created"}
    return {key: text if key in plain else json.loads(text) for key, text in texts.items()}


def _images(info: ModelInfo) -> dict[str, Any]:
    return {
        "name": "images",
        "dtype": "float32",
        "shape": ["N", 3, info.image_size, info.image_size],
        "colour_order": "RGB",
        "size": info.image_size,
        "resize": info.resize,
        "filter": "Pillow's BILINEAR, which is antialiased",
        "scale": 1 / 255,
        "mean": list(info.mean),
        "std": list(info.std),
    }


def _photo(info: ModelInfo) -> dict[str, Any]:
    return {
        "name": "photo",
        "dtype": "uint8",
        "shape": ["height", "width", 3],
        "colour_order": "RGB",
        "size": info.image_size,
        "resize": info.resize,
        "filter": "Pillow's BILINEAR, which is antialiased; in the graph",
        "scale": 1 / 255,
        "mean": list(info.mean),
        "std": list(info.std),
    }
