import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.links import symlink
from tests.zips import zip_of
from trainer import paths
from trainer.control import drain
from trainer.data.photo_stats import photo_stats
from trainer.data.zips import unzipped
from trainer.errors import StorageError
from trainer.storage import atomic, caches, zip_copies
from trainer.storage.file_digests import remember, remembered, stamp_of

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


def test_what_cannot_be_removed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    store("held")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(StorageError, match=r"Permission denied.*Close what uses them"):
        caches.clear()


def test_what_is_in_use_keeps_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = unzipped(zip_of(tmp_path / "a.zip", {"a.png": "red"})).parent
    stores = [store(name) for name in ("one", "two", "three")]
    engine = caches.engines_folder() / "model"
    engine.mkdir(parents=True)
    caches.timings_file().write_text("{}")
    replace, held = Path.replace, {stores[1], engine}

    def refuse_held(path: Path, target: Path) -> Path:
        if path in held:
            raise PermissionError(13, "used by another process", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse_held)
    monkeypatch.setattr(atomic, "PAUSES", ())
    with pytest.raises(StorageError, match="used by another process"):
        caches.clear()
    assert [each.exists() for each in (*stores, engine, copy)] == [False, True, False, True, False]
    assert not caches.timings_file().exists()
    # The engine of the model that answers is open as long as the program runs.
    held.remove(stores[1])
    caches.clear("win32")
    assert [each.exists() for each in (*stores, engine)] == [False, False, False, True]
    held.clear()
    caches.clear()
    assert not paths.caches_folder().exists()


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


def test_what_another_process_is_just_removing_is_no_obstacle() -> None:
    zip_copies.folder().mkdir(parents=True)
    gone = zip_copies.folder() / f"{zip_copies.UNPACKING}abc"
    symlink(gone, "nowhere")  # It is listed, but cannot be looked at.
    assert zip_copies.leftovers() == []
    caches.trim()


def test_what_is_known_of_photos_as_they_were_read_before_goes_in_time() -> None:
    kept = caches.photo_stats_file()
    kept.parent.mkdir(parents=True)
    former = kept.with_name("photos-1.sqlite")
    damaged = kept.with_name("digests.sqlite.20240101-000000-000000.damaged")
    for file in (kept, former, damaged):
        file.write_bytes(b"")
        os.utime(file, HOUR_AGO)
    in_use = kept.with_name("photos-0.sqlite")
    in_use.write_bytes(b"")
    caches.trim()
    assert sorted(kept.parent.iterdir()) == sorted((kept, in_use))


def test_photos_that_are_gone_are_forgotten_where_they_take_much_room(
    tmp_path: Path,
) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(300)]
    for path in paths:
        Image.new("RGB", (4, 4)).save(path)
    stamps = {path: stamp_of(path) or "" for path in paths}
    remember({path: (stamp, "0" * 32) for path, stamp in stamps.items()})
    drain(photo_stats(paths))
    for path in paths[1:]:
        path.unlink()
    files = (caches.digests_file(), caches.photo_stats_file())
    sizes = [file.stat().st_size for file in files]
    caches.trim()
    assert [file.stat().st_size for file in files] == sizes
    caches.trim(largest_file_bytes=20_000)
    assert all(file.stat().st_size < size / 2 for file, size in zip(files, sizes, strict=True))
    assert list(remembered(stamps)) == paths[:1]


def test_photos_are_looked_for_again_only_when_twice_as_many_are_known(tmp_path: Path) -> None:
    def known(count: int) -> list[Path]:
        paths = [tmp_path / f"{number}.png" for number in range(count)]
        remember(dict.fromkeys(paths, ("stamp", "0" * 32)))
        return list(remembered(dict.fromkeys(paths, "stamp")))

    for number in range(300):
        (tmp_path / f"{number}.png").touch()
    known(300)
    caches.trim(largest_file_bytes=10_000)
    assert len(known(310)) == 310
    caches.trim(largest_file_bytes=10_000)
    assert len(known(310)) == 310
    known(900)
    caches.trim(largest_file_bytes=10_000)
    assert len(remembered({tmp_path / "299.png": "stamp", tmp_path / "899.png": "stamp"})) == 1


def test_where_nothing_is_known_of_photos_trimming_says_nothing(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caches.trim()
    assert caplog.records == []
    assert not caches.photo_stats_file().exists()
