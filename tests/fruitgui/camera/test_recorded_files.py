from pathlib import Path

import pytest

from fruitgui.camera.recorded_files import make_class, remove_class, throw_away
from trainer.storage.file_digests import digest_of


def test_what_was_thrown_away_is_known_without_a_look_into_the_trash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "trash"))
    photos = [tmp_path / name for name in ("a.jpg", "b.jpg", "gone.jpg", "c.jpg")]
    for photo in photos:
        photo.write_bytes(photo.name.encode())
    photos[2].unlink()
    moved = throw_away(photos)
    assert moved.error is not None
    assert moved.digests == {photo: digest_of(photo.name.encode()) for photo in photos[:2]}


def test_a_class_that_people_see_as_empty_can_be_removed(tmp_path: Path) -> None:
    for name in ("test", "kiwi"):
        make_class(tmp_path, name)
    folders = [entry for entry in tmp_path.rglob("*") if entry.is_dir()]
    for folder in folders:
        (folder / ".DS_Store").touch()
    remove_class(tmp_path, "kiwi")
    assert not list(tmp_path.rglob("kiwi"))
    assert list(tmp_path.rglob("test"))
