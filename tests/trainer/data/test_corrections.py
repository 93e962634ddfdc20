import os
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.trainer.photos import photo as picture
from trainer import paths
from trainer.control import drain
from trainer.data import corrections
from trainer.data.corrections import Added
from trainer.data.dataset import open_data_set
from trainer.errors import DatasetError, ImageError


def photo(path: Path, content: bytes = b"photo") -> Path:
    """A file of any bytes: corrections do not look at what is on a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def oddly_named(folder: Path) -> Path:
    """A photo whose name is no text."""
    try:
        return photo(folder / os.fsdecode(b"\xff.jpg"), b"odd")
    except (OSError, UnicodeDecodeError):
        pytest.skip("this file system takes only names in UTF-8")


def add(labels: dict[Path, str], folder: Path) -> int:
    return result_of(corrections.add_to_data_set(labels, folder)).copied


def result_of(steps: Generator[tuple[int, int], None, Added]) -> Added:
    return drain(steps)


def files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_nothing_is_known_before_anything_was_corrected(tmp_path: Path) -> None:
    assert corrections.known([photo(tmp_path / "a.jpg")]) == {}
    assert not paths.corrections_database().exists()


def test_a_correction_stays_with_a_photo_that_is_renamed_or_moved(tmp_path: Path) -> None:
    before = photo(tmp_path / "사진.jpg")
    corrections.keep({before: "풋사과 🍏"})
    assert corrections.known([before]) == {before: "풋사과 🍏"}
    after = tmp_path / "elsewhere" / "renamed.jpg"
    after.parent.mkdir()
    before.rename(after)
    other = photo(tmp_path / "other.jpg", b"other")
    assert corrections.known([before, after, other]) == {after: "풋사과 🍏"}


def test_the_newest_word_counts_and_can_be_taken_back(tmp_path: Path) -> None:
    first, second = photo(tmp_path / "a.jpg", b"a"), photo(tmp_path / "b.jpg", b"b")
    corrections.keep({first: "Apple", second: 'the "best" pear'})
    corrections.keep({first: "Lime"})
    assert corrections.known([first, second]) == {first: "Lime", second: 'the "best" pear'}
    corrections.keep({first: None, second: "Pear"})
    assert corrections.known([first, second]) == {second: "Pear"}


def test_a_photo_of_the_same_size_is_not_mistaken_for_it(tmp_path: Path) -> None:
    corrections.keep({photo(tmp_path / "a.jpg", b"12345"): "Apple"})
    assert corrections.known([photo(tmp_path / "b.jpg", b"54321")]) == {}


def test_one_photo_under_two_names_has_one_correction(tmp_path: Path) -> None:
    first, second = photo(tmp_path / "a.jpg"), photo(tmp_path / "b.jpg")
    corrections.keep({first: "Apple"})
    assert corrections.known([first, second]) == {first: "Apple", second: "Apple"}
    corrections.keep({second: None})
    assert corrections.known([first, second]) == {}


def test_photos_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    missing, sound = tmp_path / "missing.jpg", photo(tmp_path / "a.jpg")
    kept = corrections.keep({missing: "Apple", sound: "Pear"})
    assert kept.unreadable == (missing,)
    assert corrections.known([missing, tmp_path, sound]) == {sound: "Pear"}
    assert corrections.keep({missing: "Apple"}).unreadable == (missing,)


def test_what_was_known_before_is_told(tmp_path: Path) -> None:
    first, second = photo(tmp_path / "a.jpg"), photo(tmp_path / "b.jpg", b"another photo")
    assert corrections.keep({first: "Apple"}).before == {first: None}
    kept = corrections.keep({first: "Pear", second: "Plum"})
    assert kept.before == {first: "Apple", second: None}
    corrections.keep(kept.before)
    assert corrections.known([first, second]) == {first: "Apple"}


def test_a_label_is_composed_however_it_was_typed(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    corrections.keep({path: unicodedata.normalize("NFD", "사과")})
    assert corrections.known([path]) == {path: "사과"}


def test_the_database_says_where_and_when(tmp_path: Path) -> None:
    path = oddly_named(tmp_path)
    corrections.keep({path: "Apple"})
    assert corrections.known([path]) == {path: "Apple"}
    database = sqlite3.connect(paths.corrections_database())
    ((count, place, moment),) = database.execute(
        "SELECT byte_count, path, corrected_at FROM correction"
    )
    database.close()
    assert (count, place) == (3, os.fsencode(path))
    assert abs((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()) < 60


def test_a_damaged_database_is_set_aside(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    photo(paths.corrections_database(), b"no database" * 100)
    assert corrections.known([path]) == {}
    corrections.keep({path: "Apple"})
    assert corrections.known([path]) == {path: "Apple"}


def test_a_folder_that_cannot_be_written_to_is_an_error_of_the_disk(
    home: Path, tmp_path: Path
) -> None:
    photo(home, b"a file where the folder should be")
    with pytest.raises(OSError, match=r"."):
        corrections.keep({photo(tmp_path / "a.jpg"): "Apple"})


def test_photos_are_added_to_the_training_photos(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("Training/Apple/1.jpg", "Training/Pear/1.jpg", "test/Apple/2.jpg"):
        picture(data / name)
    new, lime = picture(tmp_path / "새 사진.jpg"), picture(tmp_path / "lime.jpg")
    before = files(data)
    steps = corrections.add_to_data_set({new: "Apple", lime: "라임 🍋"}, data)
    assert next(steps) == (1, 2)
    assert next(steps) == (2, 2)
    assert result_of(steps) == Added(copied=2, present=0, unreadable=0)
    assert files(data) == {
        **before,
        "Training/Apple/새 사진.jpg": new.read_bytes(),
        "Training/라임 🍋/lime.jpg": lime.read_bytes(),
    }
    assert new.exists()
    assert open_data_set(data).classes == ("Apple", "Pear", "라임 🍋")


def test_a_data_set_without_splits_has_its_classes_side_by_side(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("Apple/1.jpg", "test/1.jpg"):  # A class called “test”.
        picture(data / name)
    assert add({picture(tmp_path / "a.jpg"): "test", picture(tmp_path / "b.jpg"): "Lime"}, data)
    assert {"test/a.jpg", "Lime/b.jpg"} < set(files(data))
    assert open_data_set(data).classes == ("Apple", "Lime", "test")


def test_a_data_set_that_lies_a_folder_deeper_is_found_there(tmp_path: Path) -> None:
    for name in ("train/Apple/1.jpg", "val/Apple/2.jpg"):
        photo(tmp_path / "data" / "wrapped" / name, name.encode())
    assert add({photo(tmp_path / "a.jpg"): "Pear"}, tmp_path / "data") == 1
    assert (tmp_path / "data" / "wrapped" / "train" / "Pear" / "a.jpg").exists()


def test_a_data_set_only_to_test_with_gets_training_photos_of_its_own(tmp_path: Path) -> None:
    data = tmp_path / "data"
    photo(data / "test" / "Apple" / "1.jpg", b"1")
    assert add({photo(tmp_path / "a.jpg"): "Apple"}, data) == 1
    assert (data / "train" / "Apple" / "a.jpg").exists()


def test_a_class_that_is_called_otherwise_there_is_the_same(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("사과/1.jpg", "red apple/1.jpg", "배/1.jpg"):
        photo(data / name, name.encode())
    labels = {photo(tmp_path / f"{name}.jpg", name.encode()): name for name in ("Apple", "Plum")}
    assert add(labels, data) == 2
    assert {"사과/Apple.jpg", "Plum/Plum.jpg"} < set(files(data))


@pytest.mark.parametrize("is_there", [False, True])
def test_an_empty_or_new_folder_becomes_a_data_set(tmp_path: Path, is_there: bool) -> None:
    data = tmp_path / "새" / "data"
    if is_there:
        data.mkdir(parents=True)
    labels = {picture(tmp_path / "a.jpg"): "Apple", picture(tmp_path / "b.jpg"): "Pear"}
    assert add(labels, data) == 2
    assert set(files(data)) == {"Apple/a.jpg", "Pear/b.jpg"}
    assert open_data_set(data).classes == ("Apple", "Pear")


def test_what_is_there_already_is_not_copied_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    photo(data / "train" / "Apple" / "deep" / "1.jpg", b"known")
    photo(data / "test" / "Apple" / "2.jpg", b"to test with")
    labels = {
        photo(tmp_path / "a.jpg", b"known"): "Apple",
        # To learn from what is tested on would make the test worthless.
        photo(tmp_path / "b.jpg", b"to test with"): "Apple",
        photo(tmp_path / "c.jpg", b"new"): "Apple",
        photo(tmp_path / "d.jpg", b"new"): "Apple",
    }
    assert add(labels, data) == 1
    assert add(labels, data) == 0
    assert set(files(data / "train")) == {"Apple/deep/1.jpg", "Apple/c.jpg"}


def test_another_photo_of_the_same_name_gets_a_number(tmp_path: Path) -> None:
    data = tmp_path / "data"
    photo(data / "Apple" / "a.b.jpg", b"1")
    labels = {photo(tmp_path / str(n) / "a.b.jpg", str(n).encode()): "Apple" for n in (2, 3)}
    assert add(labels, data) == 2
    assert files(data) == {
        "Apple/a.b.jpg": b"1",
        "Apple/a.b 2.jpg": b"2",
        "Apple/a.b 3.jpg": b"3",
    }


def test_a_folder_whose_name_macos_took_apart_is_the_same_class(tmp_path: Path) -> None:
    folder = tmp_path / "data" / unicodedata.normalize("NFD", "사과")
    photo(folder / "1.jpg", b"1")
    assert add({photo(tmp_path / "a.jpg"): "사과"}, tmp_path / "data") == 1
    assert len(list((tmp_path / "data").iterdir())) == 1
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("a/b", "a_b"),
        ("a\\b", "a_b"),
        ("a\0b", "a_b"),
        (".", "_"),
        ("..", "_"),
        ("../../escaped", "_.._escaped"),
        (".hidden", "hidden"),
        ("Apple Inc. ", "Apple Inc"),
        ("con", "_con"),
        ("LPT1.x", "_LPT1.x"),
        ('"Granny"?', "_Granny__"),
        ("", "_"),
        ("사" * 100, "사" * 85),
    ],
)
def test_a_label_that_is_no_folders_name_is_made_one(tmp_path: Path, label: str, name: str) -> None:
    assert add({photo(tmp_path / "a.jpg"): label}, tmp_path / "data") == 1
    assert files(tmp_path / "data") == {f"{name}/a.jpg": b"photo"}


def test_odd_names_are_kept_and_none_is_too_long(tmp_path: Path) -> None:
    long = photo(tmp_path / "long" / f"{'사' * 83}.jpg", b"first")
    again = photo(tmp_path / "again" / long.name, b"second")
    odd = oddly_named(tmp_path)
    assert add({long: "Apple", again: "Apple", odd: "Apple"}, tmp_path / "data") == 3
    names = {path.name for path in (tmp_path / "data" / "Apple").iterdir()}
    assert {long.name, odd.name} < names
    assert any(name.endswith("사 2.jpg") for name in names)


def test_a_photo_without_a_suffix_gets_one_to_be_found_by(tmp_path: Path) -> None:
    assert add({photo(tmp_path / "no suffix"): "Apple"}, tmp_path / "data") == 1
    assert set(files(tmp_path / "data")) == {"Apple/no suffix.jpg"}


def test_unreadable_photos_are_left_out_unless_all_are(tmp_path: Path) -> None:
    missing = tmp_path / "missing.jpg"
    labels = {missing: "Apple", photo(tmp_path / "a.jpg"): "Apple"}
    steps = corrections.add_to_data_set(labels, tmp_path / "data")
    assert result_of(steps) == Added(copied=1, present=0, unreadable=1)
    steps = corrections.add_to_data_set(labels, tmp_path / "data")
    assert result_of(steps) == Added(copied=0, present=1, unreadable=1)
    with pytest.raises(ImageError, match="None of the 1 photos"):
        add({missing: "Apple"}, tmp_path / "data")


def test_a_file_is_no_data_set_to_add_to(tmp_path: Path) -> None:
    archive = photo(tmp_path / "data.zip", b"zip")
    with pytest.raises(DatasetError, match="is a file"):
        add({photo(tmp_path / "a.jpg"): "Apple"}, archive)


def test_the_date_of_a_photo_is_kept(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    add({path: "Apple"}, tmp_path / "data")
    assert (tmp_path / "data" / "Apple" / "a.jpg").stat().st_mtime == 1_000_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no read-only folders")
def test_a_read_only_data_set_is_left_as_it_was(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    folder = tmp_path / "data" / "Apple"
    photo(folder / "1.jpg", b"1")
    folder.chmod(0o555)
    try:
        with pytest.raises(PermissionError):
            add({photo(tmp_path / "a.jpg"): "Apple"}, tmp_path / "data")
    finally:
        folder.chmod(0o755)
    assert set(files(tmp_path / "data")) == {"Apple/1.jpg"}


LIMITED = """
import resource, sys
from pathlib import Path
from trainer.data import corrections
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    list(corrections.add_to_data_set({Path(sys.argv[1]): "Apple"}, Path(sys.argv[2])))
except OSError as error:
    print(error.filename)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_on_a_full_disk_nothing_half_copied_is_left(tmp_path: Path) -> None:
    large = photo(tmp_path / "large.jpg", bytes(2000))
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(large), str(data)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(data / "Apple" / "large.jpg")
    assert files(data) == {}
