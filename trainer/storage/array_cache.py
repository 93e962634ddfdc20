"""Arrays of one shape on disk, each found by a key: for what can be computed again."""

import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from trainer.storage.sqlite import holds, transaction

_SCHEMA = """CREATE TABLE IF NOT EXISTS record
    (key TEXT PRIMARY KEY, slot INTEGER NOT NULL UNIQUE) WITHOUT ROWID"""


class ArrayCache:
    """A file of records of one shape, and an index of where each key's record is.

    A record is indexed once it is written, so that a process killed midway leaves nothing half
    done, and several processes may add to one cache.
    """

    def __init__(self, folder: Path, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        """Open the cache in *folder*, or make an empty one.

        Raises:
            OSError: the folder cannot be written to.
        """
        self.shape = shape
        self.dtype = np.dtype(dtype)
        self._index = folder / "index.sqlite"
        self._records = folder / "records.bin"
        folder.mkdir(parents=True, exist_ok=True)
        self._records.touch()
        os.utime(folder)  # The caches that were not used for longest are removed first.

    def slots(self) -> dict[str, int]:
        """Where the record of each key is.

        Raises:
            OSError: the index cannot be read.
        """
        with transaction(self._index, _SCHEMA, write=False) as index:
            found = index.execute("SELECT key, slot FROM record").fetchall()
        end = self._records.stat().st_size // self._record_bytes
        return {row[0]: row[1] for row in found if holds(row, (str, int)) and 0 <= row[1] < end}

    def add(self, keys: Sequence[str], records: np.ndarray) -> None:
        """Store a record a key; of a key that is there already, the new one counts.

        Args:
            records: (len(keys), \\*shape).

        Raises:
            OSError: the disk is full.
        """
        records = np.ascontiguousarray(records, dtype=self.dtype)
        if records.shape != (len(keys), *self.shape):
            raise ValueError(f"{len(keys)} records of {self.shape}, not {records.shape}")
        # No other process may take the same slots meanwhile.
        with transaction(self._index, _SCHEMA, write=True) as index:
            (end,) = index.execute("SELECT coalesce(max(slot) + 1, 0) FROM record").fetchone()
            # Records that a lost index no longer knows may still be in use, mapped into memory.
            end = max(end, -(-self._records.stat().st_size // self._record_bytes))
            with self._records.open("r+b") as file:
                file.seek(end * self._record_bytes)
                file.write(records.data)
                file.flush()
                os.fsync(file.fileno())
            index.executemany(
                "INSERT OR REPLACE INTO record VALUES (?, ?)",
                ((key, end + number) for number, key in enumerate(keys)),
            )

    @property
    def _record_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize

    def records(self) -> np.ndarray:
        """All records so far, (slots, \\*shape), read-only and mapped into memory."""
        count = self._records.stat().st_size // self._record_bytes
        if count == 0:
            return np.empty((0, *self.shape), self.dtype)
        return np.memmap(self._records, dtype=self.dtype, mode="r", shape=(count, *self.shape))
