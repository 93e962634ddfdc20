import json
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.trainer.export.models import image, model_file
from tests.trainer.warm_process import running
from trainer.cli.main import main
from trainer.export.check import LARGEST_DIFFERENCE, PHOTOS


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of as many small photos as a check takes."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(PHOTOS):
        Image.fromarray(image(40, 50, number)).save(folder / f"{number:03}.jpg")
    return folder


def test_the_verb_writes_the_export_and_its_card(
    tmp_path: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    target = tmp_path / "out" / "모델.pt"
    arguments = ["export", str(model), "--format", "torchscript", "--out", str(target)]
    assert main([*arguments, "--photos", str(photos), "--json", "--language", "ko"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert found["path"] == str(target)
    assert found["card"] == f"{target}.md"
    assert (found["format"], found["with_preprocessing"]) == ("torchscript", False)
    assert found["checked"] == found["of_yours"] == PHOTOS
    assert found["ties"] == 0
    assert 0 <= found["largest_difference"] <= LARGEST_DIFFERENCE
    assert found["seconds"] > 0
    assert "## 정확도" in (tmp_path / "out" / "모델.pt.md").read_text(encoding="utf-8")
    assert len(list(target.parent.iterdir())) == 2


def test_the_verb_names_all_that_it_wrote(
    tmp_path: Path,
    photos: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = model_file(tmp_path / "apples.safetensors")
    monkeypatch.chdir(tmp_path)
    for name, files in (
        ("openvino", ["apples.xml", "apples.bin", "apples.xml.md"]),
        ("pt2", ["apples.pt2", "apples.pt2.md"]),
    ):
        assert main(["export", str(model), "--format", name, "--photos", str(photos)]) == 0
        assert capsys.readouterr().out.splitlines()[1:] == files
        assert all(Path(file).is_file() for file in files)


def test_the_verb_says_which_format_is_deprecated(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "torchscript is deprecated by PyTorch" in " ".join(capsys.readouterr().out.split())


def test_without_a_place_it_is_written_by_the_models_name_here(
    tmp_path: Path,
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = model_file(tmp_path / "apples.safetensors")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    folder = tmp_path / "photos"
    folder.mkdir()
    for photo in sorted(photos.iterdir())[:3]:
        shutil.copy(photo, folder)
    (folder / "000 broken.jpg").write_text("no picture")
    assert main(["export", str(model), "--format", "onnx", "--photos", str(folder)]) == 0
    assert sorted(path.name for path in here.iterdir()) == ["apples.onnx", "apples.onnx.md"]
    summary, *files = capsys.readouterr().out.splitlines()
    assert " 100 photos, 3 of them yours, are answered as by the model" in summary
    assert files == ["apples.onnx", "apples.onnx.md"]


def test_photos_of_which_none_can_be_read_are_complained_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    script = tmp_path / "some.py"
    script.write_text("print()")
    target = tmp_path / "export.onnx"
    arguments = ["export", str(model), "--format", "onnx", "--out", str(target)]
    assert main([*arguments, "--photos", str(script)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["None of the 1 photos could be read."]
    assert not target.exists()


def test_the_verbs_complaints_are_one_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    (tmp_path / "a file").touch()
    for arguments in (
        [str(tmp_path / "missing"), "--format", "onnx"],
        [str(model), "--format", "onnx", "--out", str(tmp_path / "a file" / "export")],
        [str(model), "--format", "onnx", "--out", str(tmp_path)],
        [str(model), "--format", "onnx", "--out", str(model)],
        [str(model), "--format", "onnx", "--photos", str(tmp_path / "no photos")],
    ):
        assert main(["export", *arguments]) == 1, arguments
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.splitlines()) == 1, said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a file", "model.safetensors"]
    for arguments in ([str(model)], [str(model), "--format", "gguf"]):
        with pytest.raises(SystemExit) as end:
            main(["export", *arguments])
        assert end.value.code == 2


def export_on_a_full_disk(model: Path, target: Path) -> None:
    import resource  # Which Windows lacks.

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    for name in ("onnx", "torch_export", "openvino", "torchscript"):
        print(main(["export", str(model), "--format", name, "--out", str(target)]))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_a_full_disk_is_told_by_the_files_name(tmp_path: Path) -> None:
    model = model_file(tmp_path / "model.safetensors")
    target = tmp_path / "내보내기.xml"
    with running(export_on_a_full_disk, model, target) as process:
        statuses = process.stdout.read().split()
        sentences = process.stderr.read().splitlines()
        assert process.wait() == 0
    assert statuses == ["1"] * 4, sentences
    assert len(sentences) == 4
    assert all("The disk refused to store" in sentence for sentence in sentences)
    assert all(str(target.with_suffix("")) in sentence for sentence in sentences)
    assert list(tmp_path.iterdir()) == [model]
