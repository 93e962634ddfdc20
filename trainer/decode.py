"""Decoding every photo once, to uint8 squares that stay on disk for all epochs and runs."""

import hashlib
import os
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from trainer import caches
from trainer.database import transaction
from trainer.dataset import Photo
from trainer.distributed import ALONE, Ranks
from trainer.errors import PictureError
from trainer.events import PhotoSkipped, Preparing
from trainer.pictures import read_file
from trainer.recipe import Resize
from trainer.record_cache import RecordCache
from trainer.transforms import square_from_file

DECODING_THREADS = min(8, os.cpu_count() or 1)
"""How many decode at a time, unless something else is asked for."""
_CHUNK = 32
"""Photos that are stored at once."""

_DIGESTS = """CREATE TABLE IF NOT EXISTS file
    (path BLOB PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID"""


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhotos:
    """Labelled squares; photos that cannot be read are left out."""

    records: np.ndarray
    """uint8 (M, S, S, 3), mapped into memory; also of other photos."""
    slots: np.ndarray
    """int64 (N,): where among the records each photo is."""
    labels: torch.Tensor
    """int64 (N,)."""
    digests: tuple[str, ...]
    """Of each photo's content."""

    def __len__(self) -> int:
        return len(self.slots)

    def fingerprint(self) -> str:
        """A digest of every photo's content and label, in order: 32 hexadecimal digits."""
        labelled = zip(self.digests, self.labels.tolist(), strict=True)
        lines = "\n".join(f"{digest} {label}" for digest, label in labelled)
        return hashlib.blake2b(lines.encode(), digest_size=16).hexdigest()

    def read(self, indices: torch.Tensor) -> torch.Tensor:
        """uint8 images (n, 3, S, S), channels last in memory."""
        squares = self.records[self.slots[indices.numpy()]]
        return torch.from_numpy(squares).permute(0, 3, 1, 2)


@dataclass(frozen=True, slots=True)
class _Decoded:
    digest: str
    square: np.ndarray | None
    """None where the square of this content is known already."""


def decode(
    photos: Sequence[Photo],
    size: int,
    resize: Resize,
    threads: int | None = None,
    ranks: Ranks = ALONE,
) -> Generator[Preparing | PhotoSkipped, None, DecodedPhotos]:
    """Decode *photos* to squares of *size* pixels, in order; what was decoded before is not again.

    A photo is known by its content. A file's content is read again when its size, times or inode
    have changed.

    Args:
        threads: how many decode at a time; None chooses. (Pillow decodes without Python's lock.)
        ranks: processes that share the work, and the disk.

    Raises:
        OSError: the disk is full.
    """
    cache = RecordCache(caches.photos_folder(size, resize), (size, size, 3), np.uint8)
    paths = [photo.path for photo in photos]
    if ranks.count > 1:
        # Each decodes its share; afterwards all find everything.
        share = paths[ranks.rank :: ranks.count]
        yield from _decode_missing(share, cache, size, resize, threads)
        ranks.wait()
    digests, errors = yield from _decode_missing(paths, cache, size, resize, threads)
    slots = cache.slots()
    read = [photo for photo in photos if photo.path in digests]
    for path, error in errors.items():
        yield PhotoSkipped(path, error)
    return DecodedPhotos(
        records=cache.records(),
        slots=np.array([slots[digests[photo.path]] for photo in read], dtype=np.int64),
        labels=torch.tensor([photo.label for photo in read], dtype=torch.int64),
        digests=tuple(digests[photo.path] for photo in read),
    )


def missing(photos: Sequence[Photo], size: int, resize: Resize) -> list[Photo]:
    """Those that :func:`decode` would still have to decode.

    Raises:
        OSError: the cache cannot be read.
    """
    known = RecordCache(caches.photos_folder(size, resize), (size, size, 3), np.uint8).slots()
    stamps = {photo.path: stamp for photo in photos if (stamp := _stamp(photo.path)) is not None}
    digests = _remembered_digests(stamps)
    return [photo for photo in photos if digests.get(photo.path) not in known]


def _decode_missing(
    paths: Sequence[Path], cache: RecordCache, size: int, resize: Resize, threads: int | None
) -> Generator[Preparing, None, tuple[dict[Path, str], dict[Path, PictureError]]]:
    """Add to the cache what it lacks; returns the digest of each photo, or why it has none."""
    known = cache.slots()
    stamps = {path: stamp for path in paths if (stamp := _stamp(path)) is not None}
    digests = _remembered_digests(stamps)
    done = {path: digest for path, digest in digests.items() if digest in known}
    missing = [path for path in paths if path not in done]
    errors: dict[Path, PictureError] = {}
    fresh: dict[str, np.ndarray] = {}

    def store() -> None:
        cache.add(list(fresh), np.stack(list(fresh.values()))) if fresh else None
        fresh.clear()
        _remember_digests({path: (stamps[path], done[path]) for path in unsaved if path in stamps})
        unsaved.clear()

    unsaved: list[Path] = []
    total = len(paths)
    if total > len(missing):
        yield Preparing("decode", total - len(missing), total)
    for number, (path, result) in enumerate(
        _in_threads(missing, known, size, resize, threads), start=1
    ):
        if isinstance(result, PictureError):
            errors[path] = result
        else:
            done[path] = result.digest
            unsaved.append(path)
            if result.square is not None:
                fresh[result.digest] = result.square
        if len(unsaved) == _CHUNK or number == len(missing):
            store()
        yield Preparing("decode", total - len(missing) + number, total)
    return done, errors


def _in_threads(
    paths: Sequence[Path],
    known: Mapping[str, int],
    size: int,
    resize: Resize,
    threads: int | None,
) -> Iterator[tuple[Path, _Decoded | PictureError]]:
    """Decode in order, some photos ahead."""
    count = threads or DECODING_THREADS
    pool = ThreadPoolExecutor(count, thread_name_prefix="decode")
    waiting: deque[tuple[Path, Future[_Decoded | PictureError]]] = deque()
    try:
        for path in paths:
            waiting.append((path, pool.submit(_decode_one, path, known, size, resize)))
            if len(waiting) > 2 * count:
                first, future = waiting.popleft()
                yield first, future.result()
        for path, future in waiting:
            yield path, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _decode_one(
    path: Path, known: Mapping[str, int], size: int, resize: Resize
) -> _Decoded | PictureError:
    try:
        content = read_file(path)
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        if digest in known:
            return _Decoded(digest, None)
        return _Decoded(digest, square_from_file(content, size, resize))
    except PictureError as error:
        return error


def _stamp(path: Path) -> str | None:
    """What changes whenever a file does; None where there is no file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _remembered_digests(stamps: Mapping[Path, str]) -> dict[Path, str]:
    """The content digests of files that are as they were when their digest was taken."""
    with transaction(caches.digests_file(), _DIGESTS, write=False) as database:
        rows = {
            path: (stamp, digest)
            for path, stamp, digest in database.execute("SELECT path, stamp, digest FROM file")
        }
    found = ((path, stamp, rows.get(_key(path))) for path, stamp in stamps.items())
    return {path: row[1] for path, stamp, row in found if row is not None and row[0] == stamp}


def _remember_digests(digests: Mapping[Path, tuple[str, str]]) -> None:
    with transaction(caches.digests_file(), _DIGESTS, write=True) as database:
        database.executemany(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?)",
            ((_key(path), stamp, digest) for path, (stamp, digest) in digests.items()),
        )


def _key(path: Path) -> bytes:
    return os.fsencode(path.absolute())
