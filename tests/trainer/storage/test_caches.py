import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.zips import zip_of
from trainer import paths
from trainer.data.zips import unzipped
from trainer.storage import caches, zip_copies

HOUR_AGO = (1, 1)


def copy_of(archive: Path) -> Path:
    """The zip's copy in the caches, last used long ago."""
    copy = unzipped(archive).parent
    os.utime(copy, HOUR_AGO)
    return copy


def store(name: str) -> Path:
    """A cache of another kind, in use just now."""
    folder = caches.trunk_folder(name)
    folder.mkdir(parents=True)
    (folder / "records").write_bytes(bytes(1000))
    return folder


@contextmanager
def used_elsewhere(archive: Path) -> Iterator[None]:
    """Another process has unpacked the zip, and goes on with its photos."""
    program = (
        "import sys, pathlib; from trainer.data.zips import unzipped;"
        "unzipped(pathlib.Path(sys.argv[1])); print('ready', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(archive)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        process.communicate("")


def test_unpacked_zips_are_counted_and_cleared(tmp_path: Path) -> None:
    copy = unzipped(zip_of(tmp_path / "a.zip", {"a.png": "red"})).parent
    assert caches.size() >= (copy / "photos" / "a.png").stat().st_size
    caches.clear()
    assert caches.size() == 0
    assert not paths.caches_folder().exists()


def test_the_least_recently_used_copy_goes_first(tmp_path: Path) -> None:
    first, second = (
        copy_of(zip_of(tmp_path / f"{name}.zip", {"a.png": "red"})) for name in ("a", "b")
    )
    os.utime(first, (2, 2))
    caches.trim(caches.size() - 1)
    assert first.is_dir()
    assert not second.exists()
    caches.trim(caches.size())
    assert first.is_dir()


def test_the_copy_of_a_zip_that_is_gone_goes_whatever_the_limit(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"a.png": "red"})
    with used_elsewhere(archive):
        copy = next(iter(zip_copies.copies()))
        os.utime(copy, HOUR_AGO)
        archive.unlink()
        caches.trim()
        assert copy.is_dir()  # It is used.
    store("newest")
    caches.trim()
    assert not copy.exists()


def test_what_another_process_uses_stays(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"a.png": "red"})
    store("newest")
    with used_elsewhere(archive):
        copy = next(iter(zip_copies.copies()))
        os.utime(copy, HOUR_AGO)
        caches.trim(0)
        assert copy.is_dir()
        caches.clear()
        assert (copy / "photos" / "a.png").is_file()
        assert not caches.trunk_folder("newest").exists()
    caches.clear()
    assert caches.size() == 0


def test_what_this_process_could_not_have_again_stays(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"a.png": "red"})
    photo = unzipped(archive) / "a.png"
    archive.unlink()
    caches.clear()
    assert photo.is_file()


def test_what_a_killed_process_left_goes_in_time() -> None:
    left = zip_copies.folder() / f"{zip_copies.UNPACKING}abc"
    (left / "copy").mkdir(parents=True)
    caches.trim()
    assert left.is_dir()
    os.utime(left, HOUR_AGO)
    caches.trim()
    assert not left.exists()
