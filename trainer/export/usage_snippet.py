"""A few lines of Python that use an export without this app."""

import json

from trainer.data.class_names import name_of_unsure
from trainer.export.format import METADATA_FILE, OPENVINO_METADATA, Format
from trainer.models.metadata import ModelInfo

_TORCH = """\
import io
import json

import numpy as np
import torch
from PIL import Image, ImageCms, ImageOps"""
_IMPORTS: dict[Format, str] = {
    # Without the variable, ONNX Runtime reports to its makers that it was used, and what for.
    "onnx": """\
import io
import json
import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime
from PIL import Image, ImageCms, ImageOps""",
    "torch_export": _TORCH,
    # Without the line, OpenVINO reports that it was used, where the package that does so is there.
    "openvino": """\
import io
import json
import sys

sys.modules["openvino_telemetry"] = None

import numpy as np
import openvino
from PIL import Image, ImageCms, ImageOps""",
    "torchscript": _TORCH,
}
_LOAD: dict[Format, str] = {
    "onnx": """\
model = onnxruntime.InferenceSession({file})
classes = json.loads(model.get_modelmeta().custom_metadata_map["classes"])""",
    "torch_export": """\
extra = {{"{metadata}": ""}}
model = torch.export.load({file}, extra_files=extra).module()
classes = json.loads(extra["{metadata}"])["classes"]""",
    # Where a CPU has them, OpenVINO would choose 16 bits by itself, and answer somewhat otherwise.
    "openvino": """\
model = openvino.Core().read_model({file})
classes = json.loads(model.get_rt_info({openvino_metadata}).value)["classes"]
model = openvino.compile_model(model, "CPU", {{"INFERENCE_PRECISION_HINT": "f32"}})""",
    "torchscript": """\
extra = {{"{metadata}": ""}}
model = torch.jit.load({file}, _extra_files=extra)
classes = json.loads(extra["{metadata}"])["classes"]""",
}
# As trainer.data.images does it, but for what is rare.
_OPEN = """\
photo = ImageOps.exif_transpose(Image.open("photo.jpg"))
profile = photo.info.get("icc_profile")
photo = photo.convert("RGB")
if profile:
    srgb = ImageCms.createProfile("sRGB")
    photo = ImageCms.profileToProfile(photo, io.BytesIO(profile), srgb)"""
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
_RUN_TORCH = """\
with torch.inference_mode():
    {outputs} = model(torch.from_numpy(inputs))"""
_RUN: dict[Format, str] = {
    "onnx": """\
{outputs} = model.run(None, {{"{name}": inputs}})""",
    "torch_export": _RUN_TORCH,
    "openvino": """\
{outputs} = model([inputs]).values()""",
    "torchscript": _RUN_TORCH,
}
_ANSWER = """\
best = int(probabilities[0].argmax())
if {score} < {threshold}:
    print({unsure})
else:
    print(classes[best], float(probabilities[0, best]))"""


def snippet(info: ModelInfo, format: Format, with_preprocessing: bool, file_name: str) -> str:
    """Python that lets an export name what is on ``photo.jpg``, with its probability.

    It needs numpy, Pillow, and onnxruntime, openvino or torch.

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
        openvino_metadata=json.dumps(OPENVINO_METADATA),
        size=info.image_size,
        mean=list(info.mean),
        std=list(info.std),
        name="photo" if with_preprocessing else "images",
        outputs="probabilities, logits" + (", familiarity" if is_calibrated else ""),
        score="familiarity[0]" if is_calibrated else "probabilities[0, best]",
        threshold=info.threshold,
        unsure=json.dumps(name_of_unsure(info.classes)),
    )
