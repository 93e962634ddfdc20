"""Decoding every photo once, to uint8 squares that stay on disk for all epochs and runs."""

import hashlib
import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from trainer.config.recipe import Resize
from trainer.data.dataset import Photo
from trainer.data.images import read_file
from trainer.data.transforms import square_from_file
from trainer.errors import ImageError
from trainer.events import PhotoSkipped, Preparing
from trainer.runtime.distributed import ALONE, Ranks
from trainer.storage import caches, file_digests
from trainer.storage.array_cache import ArrayCache
from trainer.storage.file_digests import digest_of

DECODING_THREADS = min(8, os.cpu_count() or 1)
"""How many decode at a time, unless something else is asked for."""
_CHUNK = 32
"""Photos that are stored at once."""


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
    cache = ArrayCache(caches.photos_folder(size, resize), (size, size, 3), np.uint8)
    paths = [photo.path for photo in photos]
    if ranks.count > 1:
        # Each decodes its share; afterwards all find everything.
        share = paths[ranks.rank :: ranks.count]
        yield from _decode_missing(share, cache, size, resize, threads)
        ranks.wait()
    found, errors = yield from _decode_missing(paths, cache, size, resize, threads)
    slots = cache.slots()
    read = [photo for photo in photos if photo.path in found]
    for path, error in errors.items():
        yield PhotoSkipped(path, error)
    return DecodedPhotos(
        records=cache.records(),
        slots=np.array([slots[found[photo.path]] for photo in read], dtype=np.int64),
        labels=torch.tensor([photo.label for photo in read], dtype=torch.int64),
        digests=tuple(found[photo.path] for photo in read),
    )


def missing(photos: Sequence[Photo], size: int, resize: Resize) -> list[Photo]:
    """Those that :func:`decode` would still have to decode.

    Raises:
        OSError: the cache cannot be read.
    """
    known = ArrayCache(caches.photos_folder(size, resize), (size, size, 3), np.uint8).slots()
    stamps = _stamps(photo.path for photo in photos)
    remembered = file_digests.remembered(stamps)
    return [photo for photo in photos if remembered.get(photo.path) not in known]


def _decode_missing(
    paths: Sequence[Path], cache: ArrayCache, size: int, resize: Resize, threads: int | None
) -> Generator[Preparing, None, tuple[dict[Path, str], dict[Path, ImageError]]]:
    """Add to the cache what it lacks; returns the digest of each photo, or why it has none."""
    known = cache.slots()
    stamps = _stamps(paths)
    remembered = file_digests.remembered(stamps)
    done = {path: digest for path, digest in remembered.items() if digest in known}
    missing = [path for path in paths if path not in done]
    errors: dict[Path, ImageError] = {}
    fresh: dict[str, np.ndarray] = {}

    def store() -> None:
        cache.add(list(fresh), np.stack(list(fresh.values()))) if fresh else None
        fresh.clear()
        file_digests.remember(
            {path: (stamps[path], done[path]) for path in unsaved if path in stamps}
        )
        unsaved.clear()

    unsaved: list[Path] = []
    total = len(paths)
    if total > len(missing):
        yield Preparing("decode", total - len(missing), total)
    for number, (path, result) in enumerate(
        _in_threads(missing, known, size, resize, threads), start=1
    ):
        if isinstance(result, ImageError):
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
) -> Iterator[tuple[Path, _Decoded | ImageError]]:
    """Decode in order, some photos ahead."""
    count = threads or DECODING_THREADS
    pool = ThreadPoolExecutor(count, thread_name_prefix="decode")
    waiting: deque[tuple[Path, Future[_Decoded | ImageError]]] = deque()
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
) -> _Decoded | ImageError:
    try:
        content = read_file(path)
        digest = digest_of(content)
        if digest in known:
            return _Decoded(digest, None)
        return _Decoded(digest, square_from_file(content, size, resize))
    except ImageError as error:
        return error


def _stamps(paths: Iterable[Path]) -> dict[Path, str]:
    """Of the files that are there."""
    return {path: stamp for path in paths if (stamp := file_digests.stamp_of(path)) is not None}
