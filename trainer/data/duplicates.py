"""Photos that are there twice: files of equal content."""

from collections.abc import Generator, Iterable
from contextlib import suppress
from pathlib import Path

from trainer.events import Preparing
from trainer.storage import file_digests

_STEPS = 500
"""How often it is told how far it is, at most."""


def duplicates(photos: Iterable[Path]) -> Generator[Preparing, None, dict[Path, str]]:
    """Find the photos whose content is there twice or more.

    Only files of the same size are read, and each once for as long as it stays as it is.

    Yields:
        How many of those have been read.

    Returns:
        The digest of each such photo's content; files that cannot be read are left out.
    """
    by_size: dict[int, list[Path]] = {}
    for photo in dict.fromkeys(photos):
        try:
            by_size.setdefault(photo.stat().st_size, []).append(photo)
        except OSError:
            continue
    read = [path for size, paths in by_size.items() if size and len(paths) > 1 for path in paths]
    digests = yield from _digests(read)
    by_digest: dict[str, list[Path]] = {}
    for path, digest in digests.items():
        by_digest.setdefault(digest, []).append(path)
    return {path: digest for digest, paths in by_digest.items() if len(paths) > 1 for path in paths}


def _digests(photos: list[Path]) -> Generator[Preparing, None, dict[Path, str]]:
    stamps = {path: stamp for path in photos if (stamp := file_digests.stamp_of(path))}
    try:
        found = file_digests.remembered(stamps)
    except OSError:
        found = {}  # They can be read again.
    new: dict[Path, tuple[str, str]] = {}
    every = max(1, len(stamps) // _STEPS)
    for path in stamps:
        if path in found:
            continue
        if len(found) % every == 0:
            yield Preparing("look", len(found), len(stamps))
        try:
            found[path] = file_digests.digest_of(path.read_bytes())
        except OSError:
            continue
        new[path] = (stamps[path], found[path])
    if new:
        with suppress(OSError):
            file_digests.remember(new)
    return {path: found[path] for path in photos if path in found}
