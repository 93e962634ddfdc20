import errno
import os
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from trainer.control import drain
from trainer.errors import StorageError
from trainer.inference import sorted_copies
from trainer.inference.prediction_tables import LabelledPhoto
from trainer.inference.sorted_copies import Copied, PlannedCopy, copy, is_refused_name, plan


def photo(
    path: Path, label: str | None, content: bytes = b"photo", error: str | None = None
) -> LabelledPhoto:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return LabelledPhoto(path, label, 0.5, label is None and error is None, error)


def result_of(planned: Sequence[PlannedCopy]) -> Copied:
    steps = copy(planned)
    return drain(steps)


def files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_photos_are_copied_into_a_folder_a_class(tmp_path: Path) -> None:
    photos = [
        photo(tmp_path / "사진 🍏.jpg", "풋사과", b"1"),
        photo(tmp_path / 'the "best".jpg', "Pear", b"2"),
        photo(tmp_path / "unsure.jpg", None, b"3"),
        photo(tmp_path / "broken.jpg", None, b"4", error="The file is empty."),
    ]
    out = tmp_path / "new" / "sorted"
    planned = plan(photos, out)
    assert not out.exists()
    assert [each.target.relative_to(out).as_posix() for each in planned] == [
        "풋사과/사진 🍏.jpg",
        'Pear/the "best".jpg',
        "unknown/unsure.jpg",
    ]
    steps = copy(planned)
    assert [next(steps) for _ in planned] == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == Copied(3)
    assert files(out) == {
        "풋사과/사진 🍏.jpg": b"1",
        'Pear/the "best".jpg': b"2",
        "unknown/unsure.jpg": b"3",
    }
    assert photos[0].path.exists()


def test_the_folder_for_unknown_photos_can_have_another_name(tmp_path: Path) -> None:
    (planned,) = plan([photo(tmp_path / "a.jpg", None)], tmp_path / "out", "모름")
    assert (planned.target, planned.label) == (tmp_path / "out" / "모름" / "a.jpg", "모름")


@pytest.mark.parametrize(
    ("classes", "folder"),
    [
        (("Apple", "Pear"), "unknown"),
        (("Apple", "unknown"), "not sure"),
        (("UNKNOWN",), "not sure"),
        (("unknown ", "Not Sure"), "not sure 2"),
        (("unknown", "not sure", "not sure 2"), "not sure 3"),
    ],
)
def test_the_unsure_are_never_among_a_class(
    classes: tuple[str, ...], folder: str, tmp_path: Path
) -> None:
    unsure = photo(tmp_path / "a.jpg", None)
    (planned,) = plan([unsure], tmp_path / "out", classes=classes)
    assert planned.target.parent == tmp_path / "out" / folder


def test_a_correction_counts_as_a_class_of_its_own(tmp_path: Path) -> None:
    photos = [photo(tmp_path / "a.jpg", None), photo(tmp_path / "b.jpg", "모름")]
    unsure, sure = plan(photos, tmp_path / "out", "모름", classes=("Apple",))
    assert (unsure.target.parent.name, sure.target.parent.name) == ("not sure", "모름")


def test_photos_of_the_same_name_get_numbers(tmp_path: Path) -> None:
    out = tmp_path / "out"
    photo(out / "Apple" / "a.jpg", None, b"of someone else")
    photos = [photo(tmp_path / str(n) / "a.jpg", "Apple", str(n).encode()) for n in (1, 2)]
    assert result_of(plan(photos, out)).count == 2
    assert files(out) == {
        "Apple/a.jpg": b"of someone else",
        "Apple/a 2.jpg": b"1",
        "Apple/a 3.jpg": b"2",
    }


def test_names_that_some_disks_take_for_one_are_kept_apart(tmp_path: Path) -> None:
    out = tmp_path / "out"
    photo(out / "Apple" / unicodedata.normalize("NFD", "사과.jpg"), None, b"1")
    photos = [
        photo(tmp_path / "1" / "사과.jpg", "Apple", b"2"),
        photo(tmp_path / "2" / "IMG.JPG", "Apple", b"3"),
        photo(tmp_path / "3" / "img.jpg", "Apple", b"4"),
        photo(tmp_path / "4" / "img.jpg", "apple", b"5"),
    ]
    targets = [str(each.target) for each in plan(photos, out)]
    assert Path(targets[0]).name == "사과 2.jpg"
    assert len({target.casefold() for target in targets}) == len(photos)


def test_to_sort_again_copies_only_what_is_new(tmp_path: Path) -> None:
    out = tmp_path / "out"
    photos = [photo(tmp_path / str(n) / "a.jpg", "Apple", str(n).encode()) for n in (1, 2)]
    result_of(plan(photos, out))
    before = files(out)
    again = plan([*photos, photo(tmp_path / "3" / "a.jpg", "Apple", b"3")], out)
    assert [each.is_there for each in again] == [True, True, False]
    assert result_of(again) == Copied(1)
    assert files(out) == {**before, "Apple/a 3.jpg": b"3"}


def test_one_photo_is_copied_once_however_often_it_is_given(tmp_path: Path) -> None:
    once = photo(tmp_path / "a.jpg", "Apple")
    twin = photo(tmp_path / "elsewhere" / "a.jpg", "Apple")
    planned = plan([once, once, twin], tmp_path / "out")
    assert [each.is_there for each in planned] == [False, True, True]
    assert result_of(planned).count == 1
    assert set(files(tmp_path / "out")) == {"Apple/a.jpg"}


def test_sorted_photos_can_be_sorted_where_they_are(tmp_path: Path) -> None:
    sorted_already = photo(tmp_path / "Apple" / "a.jpg", "Apple")
    wrong = photo(tmp_path / "Apple" / "b.jpg", "Pear", b"b")
    planned = plan([sorted_already, wrong], tmp_path)
    assert [each.is_there for each in planned] == [True, False]
    assert planned[1].target == tmp_path / "Pear" / "b.jpg"


@pytest.mark.parametrize("label", ["../escaped", "a/b", "CON", ".", "..", "dots...", "\0", ""])
def test_no_label_leads_out_of_the_folder(tmp_path: Path, label: str) -> None:
    out = tmp_path / "out"
    assert result_of(plan([photo(tmp_path / "a.jpg", label)], out)).count == 1
    (name,) = files(out)
    folder, _, file = name.partition("/")
    assert file == "a.jpg"
    assert folder.upper() != "CON"
    assert not folder.endswith(".")


def test_nothing_is_overwritten_that_came_after_the_plan(tmp_path: Path) -> None:
    out = tmp_path / "out"
    planned = plan([photo(tmp_path / "a.jpg", "Apple", b"new")], out)
    photo(out / "Apple" / "a.jpg", None, b"came meanwhile")
    assert result_of(planned) == Copied(1)
    assert files(out) == {"Apple/a.jpg": b"came meanwhile", "Apple/a 2.jpg": b"new"}


def test_a_photo_that_has_gone_is_named_and_the_others_are_copied(tmp_path: Path) -> None:
    photos = [photo(tmp_path / f"{n}.jpg", "Apple", str(n).encode()) for n in (1, 2)]
    planned = plan(photos, tmp_path / "out")
    photos[0].path.unlink()
    copied = result_of(planned)
    assert copied.count == 1
    ((path, error),) = copied.failed
    assert (path, str(error)) == (photos[0].path, "There is no such file.")
    assert set(files(tmp_path / "out")) == {"Apple/2.jpg"}


def test_dates_are_kept(tmp_path: Path) -> None:
    one = photo(tmp_path / "a.jpg", "Apple")
    os.utime(one.path, (1_000_000_000, 1_000_000_000))
    result_of(plan([one], tmp_path / "out"))
    assert (tmp_path / "out" / "Apple" / "a.jpg").stat().st_mtime == 1_000_000_000


def test_a_name_that_is_no_text_is_kept(tmp_path: Path) -> None:
    try:
        one = photo(tmp_path / os.fsdecode(b"\xff.jpg"), "Apple")
    except (OSError, UnicodeDecodeError):
        pytest.skip("this file system takes only names in UTF-8")
    result_of(plan([one], tmp_path / "out"))
    assert (tmp_path / "out" / "Apple" / one.path.name).read_bytes() == b"photo"


def test_a_file_is_no_folder_to_sort_into(tmp_path: Path) -> None:
    one = photo(tmp_path / "a.jpg", "Apple")
    with pytest.raises(StorageError, match="is a file"):
        plan([one], one.path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no read-only folders")
def test_a_read_only_folder_is_left_as_it_was(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    out = tmp_path / "out"
    out.mkdir()
    planned = plan([photo(tmp_path / "a.jpg", "Apple")], out)
    out.chmod(0o555)
    try:
        with pytest.raises(PermissionError):
            result_of(planned)
    finally:
        out.chmod(0o755)
    assert files(out) == {}


def test_where_a_class_cannot_have_its_folder_the_disk_says_so(tmp_path: Path) -> None:
    out = tmp_path / "out"
    photo(out / "Apple", None, b"a file")
    with pytest.raises(FileExistsError):
        result_of(plan([photo(tmp_path / "a.jpg", "Apple")], out))
    assert files(out) == {"Apple": b"a file"}


def test_where_capitals_make_no_difference_two_classes_get_two_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorted_copies, "IGNORES_CASE", True)
    out = tmp_path / "out"
    photos = [photo(tmp_path / f"{label}.jpg", label) for label in ("Pear", "Apple 1", "pear")]
    for _ in range(2):
        result_of(plan(photos, out))
        assert sorted(files(out)) == ["Apple 1/Apple 1.jpg", "Pear/Pear.jpg", "pear 2/pear.jpg"]


def test_windows_refuses_paths_that_are_too_long_as_if_there_were_none() -> None:
    missing = OSError(errno.ENOENT, "No such file or directory")
    long, short = Path("/", "f" * 200, "n" * 60 + ".jpg"), Path("/", "f" * 200, "n.jpg")
    assert is_refused_name(missing, long, "win32")
    assert not is_refused_name(missing, short, "win32")
    assert not is_refused_name(missing, long, "linux")
    assert is_refused_name(missing, Path("/", "f" * 230, "n.jpg"), "win32")
    assert is_refused_name(OSError(errno.ENAMETOOLONG, "File name too long"), short, "linux")
