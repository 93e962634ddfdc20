"""Large arrays on disk that vanish with their last use, even when the process is killed."""

import math
import os
import tempfile

import numpy as np
from numpy.typing import DTypeLike

from trainer import paths


def scratch_array(shape: tuple[int, ...], dtype: DTypeLike) -> np.ndarray:
    """A writable array of zeros in a temporary file in the caches folder, mapped into memory.

    The operating system's page cache keeps it in memory while there is room.

    Raises:
        OSError: the disk is full or cannot be written to.
    """
    if 0 in shape:
        return np.zeros(shape, dtype)
    folder = paths.caches_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        if hasattr(os, "posix_fallocate"):
            # Else a disk that fills up later kills the process where it writes to mapped memory.
            os.posix_fallocate(file.fileno(), 0, math.prod(shape) * np.dtype(dtype).itemsize)
        return np.memmap(file, dtype=dtype, mode="w+", shape=shape)
