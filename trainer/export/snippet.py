"""A few lines of Python that use an export without this app."""

import json

from trainer.export.format import METADATA_FILE, Format
from trainer.model_info import ModelInfo

_IMPORTS: dict[Format, str] = {
    # Without the variable, ONNX Runtime reports to its makers that it was used, and what for.
    "onnx": """\
import json
import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime
from PIL import Image, ImageOps""",
    "torchscript": """\
import json

import numpy as np
import torch
from PIL import Image, ImageOps""",
}
_LOAD: dict[Format, str] = {
    "onnx": """\
model = onnxruntime.InferenceSession({file})
classes = json.loads(model.get_modelmeta().custom_metadata_map["classes"])""",
    "torchscript": """\
extra = {{"{metadata}": ""}}
model = torch.jit.load({file}, _extra_files=extra)
classes = json.loads(extra["{metadata}"])["classes"]""",
}
_OPEN = """\
photo = ImageOps.exif_transpose(Image.open("photo.jpg")).convert("RGB")"""
_SQUASH = """\
square = photo.resize(({size}, {size}), Image.Resampling.BILINEAR)"""
_CROP = """\
side = min(photo.size)
left, top = (photo.width - side) // 2, (photo.height - side) // 2
box = (left, top, left + side, top + side)
square = photo.resize(({size}, {size}), Image.Resampling.BILINEAR, box)"""
_NORMALISE = """\
pixels = (np.asarray(square) / 255 - {mean}) / {std}
inputs = pixels.transpose(2, 0, 1)[None].astype(np.float32)"""
_WHOLE = """\
inputs = np.array(photo)"""
_RUN: dict[Format, str] = {
    "onnx": """\
{outputs} = model.run(None, {{"{name}": inputs}})""",
    "torchscript": """\
with torch.inference_mode():
    {outputs} = model(torch.from_numpy(inputs))""",
}
_ANSWER = """\
best = int(probabilities[0].argmax())
if {score} < {threshold}:
    print("unknown")
else:
    print(classes[best], float(probabilities[0, best]))"""


def snippet(info: ModelInfo, format: Format, with_preprocessing: bool, file_name: str) -> str:
    """Python that lets an export name what is on ``photo.jpg``, with its probability.

    It needs numpy, Pillow, and onnxruntime or torch.

    Args:
        file_name: of the export, from the folder in which the lines are run.
    """
    square = _CROP if info.resize == "crop" else _SQUASH
    parts = (
        _IMPORTS[format],
        "",
        _LOAD[format],
        "",
        _OPEN,
        *((_WHOLE,) if with_preprocessing else (square, _NORMALISE)),
        _RUN[format],
        "",
        _ANSWER,
    )
    is_calibrated = bool(info.familiar_scores)
    return "\n".join(parts).format(
        file=json.dumps(file_name, ensure_ascii=False),
        metadata=METADATA_FILE,
        size=info.image_size,
        mean=list(info.mean),
        std=list(info.std),
        name="photo" if with_preprocessing else "images",
        outputs="probabilities, logits" + (", familiarity" if is_calibrated else ""),
        score="familiarity[0]" if is_calibrated else "probabilities[0, best]",
        threshold=info.threshold,
    )
