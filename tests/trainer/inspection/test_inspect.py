import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.trainer.photos import make
from trainer.cli.main import main
from trainer.control import drain
from trainer.data.recordings import frame_name
from trainer.events import Preparing
from trainer.inspection.inspect import inspect
from trainer.inspection.result import Inspection


@pytest.fixture(scope="module")
def messy(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo photos with something of everything that may be wrong."""
    data = tmp_path_factory.mktemp("messy") / "data"
    shutil.copytree(demo_folder, data)
    train, test = data / "train", data / "test"
    lime, banana, tomato = (
        sorted((train / kind).iterdir()) for kind in ("Lime", "Banana", "Tomato")
    )
    shutil.copy(lime[0], train / "Lime" / "copy.jpg")
    shutil.copy(banana[0], test / "Banana" / "copy.jpg")
    Image.open(banana[1]).resize((48, 48)).save(test / "Banana" / "smaller.jpg", quality=60)
    shutil.move(tomato[0], train / "Lime" / "swapped.jpg")
    large = Image.open(lime[1]).resize((200, 200))
    large.filter(ImageFilter.GaussianBlur(9)).save(train / "Lime" / "blurred.jpg")
    large.point(lambda value: value // 12).save(train / "Lime" / "dark.jpg")
    large.resize((400, 80)).save(train / "Lime" / "wide.jpg")
    (train / "Lime" / "broken.jpg").write_bytes(b"no picture")
    (train / "Lime" / "notes.txt").write_text("ripe")
    return data


@pytest.fixture(scope="module")
def found(messy: Path, tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRUITGUI_HOME", str(tmp_path_factory.mktemp("home")))
        return drain(inspect(messy))


def names(paths: tuple[Path, ...]) -> list[str]:
    return [path.name for path in paths]


def test_photos_are_counted_by_class_and_split(found: Inspection, demo_folder: Path) -> None:
    counts = found.counts()
    before = len(list((demo_folder / "train" / "Lime").iterdir()))
    assert list(counts) == ["Banana", "Lime", "Tomato"]
    assert counts["Lime"]["train"] == before + 5
    assert counts["Tomato"]["train"] == before - 1
    assert counts["Banana"]["test"] == len(list((demo_folder / "test" / "Banana").iterdir())) + 2
    assert found.formats == {"JPEG": len(found.data.photos)}
    assert found.sizes == (48, 64, 200)


def test_what_is_left_out_is_told_with_its_reason(found: Inspection) -> None:
    assert [(each.path.name, each.reason) for each in found.left_out] == [
        ("notes.txt", "not a picture"),
        ("broken.jpg", "unreadable"),
    ]
    said = " ".join(map(str, found.warnings))
    assert "photos that cannot be read (1, such as “train/Lime/broken.jpg”)" in said


def test_copies_and_near_duplicates_are_grouped(found: Inspection) -> None:
    groups = [sorted(path.parent.parent.name for path in group) for group in found.duplicates]
    assert sorted(groups) == [["test", "train"], ["train", "train"]]
    near = {frozenset(names(group)) for group in found.near_duplicates}
    assert any("smaller.jpg" in group for group in near)
    assert not any({"copy.jpg"} == group for group in near)
    assert found.across_splits == 2


def test_poor_photos_are_told_apart(found: Inspection) -> None:
    assert "blurred.jpg" in names(found.flaws["blurred"])
    assert names(found.flaws["dark"]) == ["dark.jpg"]
    assert names(found.flaws["odd-shaped"]) == ["wide.jpg"]
    assert names(found.flaws["small"]) == ["smaller.jpg"]


def test_a_label_that_is_probably_wrong_is_named(found: Inspection) -> None:
    (suspect,) = [each for each in found.suspects or () if each.path.name == "swapped.jpg"]
    assert (suspect.label, suspect.suggested) == ("Lime", "Tomato")


def test_a_second_look_reads_nothing_again(messy: Path) -> None:
    first = drain(inspect(messy))
    steps: list[Preparing] = []
    second = drain(inspect(messy), steps.append)
    assert second.as_json() == first.as_json()
    # But what could not be read is tried again.
    assert {step.total for step in steps if step.stage == "look"} <= {len(first.data.photos) + 1}
    assert all(step.done == step.total for step in steps if step.stage == "evaluate")


def test_the_verb_prints_one_object(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(messy), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["classes"]["Lime"].keys() == {"train", "validation", "test"}
    assert printed["photos"] == sum(
        n for each in printed["classes"].values() for n in each.values()
    )
    assert {"path": str(messy / "train/Lime/notes.txt"), "reason": "not a picture"} in printed[
        "left_out"
    ]
    assert len(printed["duplicates"]) == 2
    assert printed["across_splits"] == 2
    suspects = {Path(each["path"]).name: each for each in printed["suspects"]}
    assert suspects["swapped.jpg"]["suggested"] == "Tomato"
    assert suspects["swapped.jpg"].keys() == {"path", "label", "suggested", "score"}


def test_the_verb_prints_lines_for_people(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(messy)]) == 0
    printed = capsys.readouterr().out
    assert "4 photos in 2 groups are equal:" in printed
    assert "swapped.jpg: Lime, or Tomato?" in printed
    assert "2 photos have a double in an earlier split" in printed


def test_what_is_no_data_set_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "missing")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_data_set_of_noise_has_no_copies(tmp_path: Path) -> None:
    for kind in ("a", "b"):
        (tmp_path / kind).mkdir()
        for number in range(3):
            seed = [ord(kind), number]
            pixels = np.random.default_rng(seed).integers(0, 256, (80, 80, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / kind / f"{number}.png")
    found = drain(inspect(tmp_path))
    assert found.duplicates == found.near_duplicates == ()
    assert found.across_splits == 0


def test_labels_that_cannot_be_judged_are_no_labels_that_are_right(tmp_path: Path) -> None:
    data = make(tmp_path / "fruit", {"apple": 1, "pear": 1, "plum": 1})
    found = drain(inspect(data))
    assert found.suspects is None
    assert found.unjudged == ("apple", "pear", "plum")
    assert any("labels of “apple”, “pear”, “plum” could not" in str(w) for w in found.warnings)
    printed = found.as_json()
    assert printed["suspects"] == []
    assert printed["unjudged"] == ["apple", "pear", "plum"]


def test_a_class_of_one_recording_is_not_judged_and_hides_no_other(
    demo_folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "fruit"
    shutil.copytree(demo_folder, data)
    for number, photo in enumerate(sorted((data / "train" / "Lime").iterdir())):
        photo.rename(photo.with_name(frame_name("burst-20260101-120000000-0a1b2c", number)))
    for split in ("validation", "test"):
        shutil.rmtree(data / split / "Lime")
    banana = min((data / "train" / "Banana").iterdir())
    shutil.move(banana, data / "train" / "Tomato" / "swapped.jpg")
    found = drain(inspect(data))
    assert found.unjudged == ("Lime",)
    assert found.suspects is not None
    suspected = {each.path.name: each for each in found.suspects}
    assert suspected["swapped.jpg"].suggested == "Banana"
    assert not any("Lime" in (each.label, each.suggested) for each in found.suspects)
    assert any("labels of “Lime” could not be checked" in str(w) for w in found.warnings)
