import dataclasses
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from PIL import Image

from tests.trainer.architectures import ONE_OF_EACH_KIND
from tests.trainer.export.conftest import Pair
from tests.trainer.export.models import (
    FAMILIES,
    FEW,
    FLOAT32,
    INFO,
    checked_export,
    float32_predictor,
    image,
    model_file,
    spread_features,
)
from trainer import paths
from trainer.control import drain
from trainer.data.transforms import square
from trainer.errors import ExportError, ModelFileError
from trainer.events import Preparing
from trainer.export import export as exporting
from trainer.export.check import LARGEST_DIFFERENCE, PHOTOS
from trainer.export.export import export
from trainer.export.format import SUFFIXES, Exported, Format
from trainer.export.runtimes import load_export
from trainer.inference.torch_engine import TorchEngine
from trainer.models.classifier import Classifier
from trainer.models.joint_head import JointHead
from trainer.models.model_file import save_model
from trainer.models.ood_score import fit_ood_score

FORMATS: tuple[Format, ...] = get_args(Format)
VARIANTS: tuple[tuple[Format, bool], ...] = (
    # In formats that torch itself writes, smaller models are exported below.
    ("onnx", True),
    ("openvino", True),
    # Without preprocessing less is in the graph, so that one writer is enough.
    ("onnx", False),
)
SIZES = (
    *((1, 1), (1, 50), (50, 1), (33, 33), (67, 68), (259, 260), (260, 261)),
    *((200, 150), (150, 201), (37, 400), (401, 37), (640, 480)),
)
"""Width and height."""


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def starter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The starter in a variant, checked with pictures that were made."""
    format, with_preprocessing = request.param
    target = tmp_path_factory.mktemp("수출") / f"starter{SUFFIXES[format]}"
    return checked_export(paths.starter_model(), format, target, (), with_preprocessing)


def test_the_starter_answers_as_in_the_app(starter: Exported) -> None:
    assert starter.checked == FEW
    assert starter.largest_difference < 1e-4
    assert starter.largest_familiarity_difference < 1e-3
    assert starter.ties == 0
    assert starter.card.read_text(encoding="utf-8").startswith("# Starter")
    model = load_export(starter.path, starter.format)
    predictor = float32_predictor(paths.starter_model())
    threshold, names = model.metadata["threshold"], model.metadata["classes"]
    answered = set()
    for sample in sorted(paths.samples_folder().glob("*.jpg"))[:4]:
        photo = np.array(Image.open(sample))
        answer = predictor.answer_image(photo)
        is_whole = starter.with_preprocessing
        inputs = photo if is_whole else normalised(photo, model.metadata["input"])
        probabilities, logits, familiarity = model.run(inputs)
        assert {each.dtype for each in (probabilities, logits, familiarity)} == {
            np.dtype(np.float32)
        }
        assert probabilities.shape == logits.shape == (1, 45)
        assert familiarity.shape == (1,)
        best = int(probabilities[0].argmax())
        assert names[best] == answer.top[0].label
        assert probabilities[0, best] == pytest.approx(answer.confidence, abs=1e-4)
        assert familiarity[0] == pytest.approx(answer.familiarity, abs=1e-3)
        assert (familiarity[0] < threshold) == answer.unknown
        answered.add(names[best])
    assert len(answered) > 1


def normalised(photo: np.ndarray, wanted: dict[str, object]) -> np.ndarray:
    size = wanted["size"]
    assert isinstance(size, int)
    pixels = square(Image.fromarray(photo), size, "squash") / 255
    images = (pixels - wanted["mean"]) / wanted["std"]  # type: ignore[operator]
    return np.ascontiguousarray(images.transpose(2, 0, 1)[None], np.float32)


def test_a_photo_of_any_size_and_any_number_of_images_will_do(starter: Exported) -> None:
    model = load_export(starter.path, starter.format)
    predictor = float32_predictor(paths.starter_model())
    images = [image(wide, high, wide) for wide, high in SIZES]
    if starter.with_preprocessing:
        probabilities = np.concatenate([model.run(each)[0] for each in images])
    else:
        wanted = model.metadata["input"]
        probabilities = model.run(np.concatenate([normalised(p, wanted) for p in images]))[0]
    squares = [
        square(Image.fromarray(each), predictor.info.image_size, "squash") for each in images
    ]
    ours = predictor.probabilities(predictor.outputs(squares).logits)
    assert np.abs(probabilities - ours).max() < 1e-4


@pytest.mark.parametrize(
    "architecture",
    [*ONE_OF_EACH_KIND, "timm/resnet26d"],
)
def test_every_kind_of_network_can_be_exported_to_onnx(
    architecture: str, tmp_path: Path, photos: list[Path]
) -> None:
    export_and_check(architecture, "onnx", tmp_path, photos)


def export_and_check(architecture: str, format: Format, tmp_path: Path, photos: list[Path]) -> None:
    info = dataclasses.replace(INFO, architecture=architecture)
    model = model_file(tmp_path / "model.safetensors", info)
    exported = checked_export(model, format, tmp_path / f"export{SUFFIXES[format]}", photos)
    assert exported.checked == FEW
    assert exported.largest_difference <= LARGEST_DIFFERENCE


@pytest.mark.parametrize("format", [each for each in FORMATS if each != "onnx"])
@pytest.mark.parametrize("architecture", FAMILIES)
def test_every_family_can_be_exported_to_the_other_formats(
    architecture: str, format: Format, tmp_path: Path, photos: list[Path]
) -> None:
    export_and_check(architecture, format, tmp_path, photos)


@pytest.mark.parametrize("format", FORMATS)
def test_a_joint_head_answers_alike_in_every_format(
    format: Format, tmp_path: Path, photos: list[Path]
) -> None:
    classes = ("Banana", "Lemon", "Plectranthus")
    info = dataclasses.replace(INFO, classes=classes, head="joint", temperature=1.3)
    torch.manual_seed(0)
    classifier = Classifier(info.architecture, 3, "joint")
    head = classifier.head
    assert isinstance(head, JointHead)
    head.claim(classes)
    squares = np.stack([image(32, 32, seed) for seed in range(70)])
    spread_features(classifier, squares)
    with torch.no_grad():
        # Outputs so far apart that most exponentials vanish, as a trained network's are.
        head.imagenet.weight *= 10
        head.own.weight *= 10
    logits = TorchEngine(classifier, info, FLOAT32).run(squares).logits
    familiarity = fit_ood_score(logits, None, logits.argmax(axis=1), None, knows_background=True)
    assert familiarity is not None
    info = dataclasses.replace(
        info, odds_weight=familiarity.odds_weight, familiar_scores=familiarity.scores
    )
    model = tmp_path / "model.safetensors"
    save_model(model, classifier, info)
    target = tmp_path / f"export{SUFFIXES[format]}"
    exported = checked_export(model, format, target, photos)
    assert exported.checked == FEW
    assert 0 < exported.largest_difference < 1e-4
    assert 0 < exported.largest_familiarity_difference < 1e-3
    assert exported.ties == 0


@pytest.mark.parametrize("format", FORMATS)
def test_another_head_and_resize_mode_can_be_exported_for_photos(
    format: Format, export_for_photos: Callable[[Format], Pair]
) -> None:
    exported = export_for_photos(format).exported
    assert exported.checked == FEW
    assert 0 < exported.largest_difference <= LARGEST_DIFFERENCE
    assert exported.largest_familiarity_difference > 0


def test_photos_that_cannot_be_read_are_replaced(tmp_path: Path) -> None:
    model = model_file(tmp_path / "model.safetensors")
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")
    exported = drain(export(model, "onnx", tmp_path / "export", [broken, tmp_path / "missing"]))
    assert (exported.checked, exported.of_yours) == (PHOTOS, 0)
    card = exported.card.read_text(encoding="utf-8")
    assert "100 photos beside the model that it was made of: 0 photos of whoever" in card


@pytest.mark.parametrize("events_before", [1, 2, 4])
def test_closing_it_leaves_nothing_behind(
    events_before: int, tmp_path: Path, photos: list[Path]
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    target = tmp_path / "export.onnx"
    target.write_text("an earlier one")
    steps = export(model, "onnx", target, photos, count=FEW)
    happened = [next(steps) for _ in range(events_before)]
    assert all(isinstance(event, Preparing) and event.stage == "export" for event in happened)
    assert [event.total for event in happened] == [FEW] * events_before
    assert [event.done for event in happened] == sorted({event.done for event in happened})
    steps.close()
    assert target.read_text() == "an earlier one"
    assert sorted(tmp_path.iterdir()) == [target, model]


# TorchScript's archives name the sources that they were traced from, and cannot be told not to.
@pytest.mark.parametrize("format", [each for each in FORMATS if each != "torchscript"])
def test_an_export_does_not_say_where_this_program_lies(
    format: Format, export_for_squares: Callable[[Format], Pair]
) -> None:
    exported = export_for_squares(format).exported
    for file in exported.files:
        content = file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        own = (torch.__file__, exporting.__file__, exported.path)
        for place in (Path(file).parent for file in own):
            assert str(place).encode() not in content, file.name


@pytest.mark.parametrize("events_before", [1, 3])
def test_an_earlier_pair_of_files_stays_until_another_is_whole(
    events_before: int, tmp_path: Path, photos: list[Path]
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    target, weights = tmp_path / "export.xml", tmp_path / "export.bin"
    target.write_text("an earlier one")
    weights.write_text("its weights")
    steps = export(model, "openvino", target, photos, count=FEW)
    for _ in range(events_before):
        next(steps)
    steps.close()
    assert (target.read_text(), weights.read_text()) == ("an earlier one", "its weights")
    assert sorted(tmp_path.iterdir()) == [weights, target, model]
    exported = checked_export(model, "openvino", target, photos)
    assert exported.files == (target, weights, tmp_path / "export.xml.md")
    assert sorted(tmp_path.iterdir()) == sorted((*exported.files, model))
    assert load_export(target, "openvino").metadata["title"] == INFO.title


def test_a_pair_of_files_takes_nobody_elses_place(tmp_path: Path) -> None:
    model = model_file(tmp_path / "model.bin")
    other = tmp_path / "other.bin"
    other.write_text("somebody's")
    for name, complaint in (
        ("model.xml", "would take the place of the model “model.bin”"),
        ("other.xml", "would take the place of “other.bin”, which is no export's"),
        (
            "export.pt2",
            "“export.pt2” is no name of an OpenVINO model. Choose one that ends in .xml",
        ),
    ):
        with pytest.raises(ExportError, match=complaint):
            checked_export(model, "openvino", tmp_path / name)
    assert sorted(tmp_path.iterdir()) == [model, other]


def test_the_model_itself_is_never_replaced(tmp_path: Path) -> None:
    model = model_file(tmp_path / "model.safetensors")
    before = model.read_bytes()
    with pytest.raises(ExportError, match="Choose another name"):
        checked_export(model, "onnx", model)
    assert model.read_bytes() == before
    with pytest.raises(ModelFileError):
        checked_export(tmp_path / "missing", "onnx", tmp_path / "export")
    assert list(tmp_path.iterdir()) == [model]
