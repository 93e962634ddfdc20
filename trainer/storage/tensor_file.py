"""Writing safetensors files: whole or not at all, and with the disk's errors as the disk's."""

import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import save_file

from trainer.storage.atomic import replacing


def write_tensors(
    path: Path, tensors: Mapping[str, np.ndarray], metadata: dict[str, str] | None = None
) -> None:
    """Write arrays to one file, atomically.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    contiguous = {name: np.asarray(array, order="C") for name, array in tensors.items()}
    with replacing(path) as temporary:
        try:
            save_file(contiguous, temporary, metadata=metadata)
        except SafetensorError as error:
            raise disk_error(error, path) from error


def disk_error(error: SafetensorError, path: Path) -> OSError:
    """The system's error, of which safetensors tells only in its message."""
    number = re.search(r"\(os error (\d+)\)", str(error))
    code = int(number[1]) if number else errno.EIO
    return OSError(code, os.strerror(code), str(path))
