"""Large arrays on disk that vanish with their last use, even when the process is killed."""

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
        return np.memmap(file, dtype=dtype, mode="w+", shape=shape)
