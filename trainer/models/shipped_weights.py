"""``python -m trainer.models.shipped_weights``: the ImageNet weights that ship with the app.

A step of its build. They are a network's, in 16 bits and timm's names.
"""

import sys
from pathlib import Path

from trainer.errors import WeightsError
from trainer.models.imagenet import SHIPPED, packaged_file, shipped_folder
from trainer.storage.atomic import replacing


def write_shipped_weights() -> None:
    """Make those of the files that are not there, or older than the package that they are made of.

    Raises:
        OSError: the disk is full.
        WeightsError: a package with weights is not installed, or is another than it should be.
    """
    for name in SHIPPED:
        target = shipped_folder() / f"{name}.safetensors"
        source = packaged_file(name)
        if source is None:
            raise WeightsError("There is no weights file “{path}”.", path=name)
        if not target.is_file() or target.stat().st_mtime < source.stat().st_mtime:
            _write(name, source, target)


def _write(name: str, source: Path, target: Path) -> None:
    # Most builds have nothing to write, and need not wait for torch.
    import torch
    from safetensors.torch import save_file

    from trainer.models.classifier import Classifier
    from trainer.models.pretrained import read_in_order

    state = read_in_order(Classifier(name, classes=1), source)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as temporary:
        halves = {n: tensor.to(torch.float16).contiguous() for n, tensor in state.items()}
        save_file(halves, temporary)


def main() -> int:
    try:
        write_shipped_weights()
    except (WeightsError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
