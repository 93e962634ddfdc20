"""The one door to torchvision.

torchvision's compiled operators fail to load beside a torch of another build (a CUDA torchvision
beside a CPU torch), and then importing it dies where it describes ``torchvision::nms``. We use its
models and transforms, and none of its compiled operators; so where they are missing, their schemas
are defined first.
"""

import importlib.util
from pathlib import Path

import torch

_OPERATORS = ("nms", "qnms")
_fragment: torch.library.Library | None = None


def _operators_load() -> bool:
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return False
    for library in Path(spec.origin).parent.glob("_C.*"):
        try:
            torch.ops.load_library(str(library))
        except OSError:
            return False
        return True
    return False


if not _operators_load():
    # Kept alive for as long as the module: the schemas vanish with it.
    _fragment = torch.library.Library("torchvision", "FRAGMENT")
    for _name in _OPERATORS:
        _fragment.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from torchvision import models  # noqa: E402  (the schemas must be there first)

__all__ = ["models"]
