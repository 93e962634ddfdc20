"""Writing safetensors files: whole or not at all, and with the disk's errors as the disk's."""

import errno
import os
import re
import sys
from collections.abc import Callable, Mapping
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


if sys.platform == "win32":
    from ctypes import FormatError

    _windows_text: Callable[[int], str] | None = FormatError
else:
    _windows_text = None


def disk_error(
    error: SafetensorError,
    path: Path,
    windows_text: Callable[[int], str] | None = _windows_text,
) -> OSError:
    """The system's error, of which safetensors tells only in its message.

    Args:
        windows_text: what Windows says to a code of its own, which are others; None elsewhere.
    """
    number = re.search(r"\(os error (\d+)\)", str(error))
    if number is None:
        return OSError(errno.EIO, os.strerror(errno.EIO), str(path))
    code = int(number[1])
    if windows_text is None:
        return OSError(code, os.strerror(code), str(path))
    # Of the last, Python makes the first there.
    return OSError(0, windows_text(code), str(path), code)
