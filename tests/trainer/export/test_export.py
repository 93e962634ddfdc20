import dataclasses
import io
import json
import os
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load_file, save_file
from torch import Tensor

from tests.trainer.data.profiles import DISPLAY_P3, rgb_profile
from trainer import paths
from trainer.cli.main import main
from trainer.config.architectures import ARCHITECTURES
from trainer.config.recipe import Resize
from trainer.control import drain
from trainer.data.images import open_rgb
from trainer.data.transforms import square
from trainer.errors import ExportError, ImageError, ModelFileError
from trainer.events import Preparing
from trainer.export import export as exporting
from trainer.export.check import LARGEST_DIFFERENCE, PHOTOS, check
from trainer.export.check_images import check_images, require_readable
from trainer.export.export import export
from trainer.export.format import SUFFIXES, Exported, Format, files_of
from trainer.export.graph import ExportGraph, OodScoreGraph, PillowSquare
from trainer.export.metadata import metadata_of
from trainer.export.onnx_runtime import onnxruntime
from trainer.export.runtimes import load_export
from trainer.export.usage_snippet import snippet
from trainer.inference.openvino_import import openvino
from trainer.inference.predictor import Predictor
from trainer.inference.torch_engine import TorchEngine
from trainer.models.classifier import Classifier
from trainer.models.joint_head import JointHead
from trainer.models.metadata import ModelInfo, read_model_info
from trainer.models.model_file import load_model, save_model
from trainer.models.ood_score import LEVELS, OodScore, fit_ood_score, mean_directions
from trainer.runtime.device import Compute

INFO = ModelInfo(
    title="Obst · 과일",
    architecture="mobilenet_v2",
    classes=("사과", "b | c", "Passion-Fruit"),
    head_width=8,
    image_size=32,
    temperature=0.7,
    threshold=0.3,
    metrics={"validation_accuracy": 0.5, "validation_photos": 10},
    licence="MIT",
)
FORMATS: tuple[Format, ...] = get_args(Format)
VARIANTS: tuple[tuple[Format, bool], ...] = (
    *((format, True) for format in FORMATS),
    # Without preprocessing less is in the graph, so that one writer is enough.
    ("onnx", False),
)
FAMILIES = ("resnet18", "mobilenet_v2", "convnext_tiny", "vit_small_patch16_224.dino")
"""For formats that take seconds an architecture."""
_SILENCERS = ("ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
FLOAT32 = Compute(torch.device("cpu"), torch.float32)
SIZES = (
    *((1, 1), (1, 50), (50, 1), (2, 7), (31, 33), (33, 33), (32, 40), (40, 32), (67, 68)),
    *((64, 48), (48, 65), (200, 150), (150, 201), (37, 400), (401, 37), (640, 480)),
)
"""Width and height."""


def model_file(path: Path, info: ModelInfo = INFO, seed: int = 0, calibrated: bool = False) -> Path:
    """A model with random weights that tells pictures apart all the same."""
    torch.manual_seed(seed)
    classifier = Classifier(info.architecture, len(info.classes), info.head, info.head_width)
    if not calibrated:
        with torch.no_grad():
            # Random networks give nearly the same features for all pictures.
            last_layer(classifier).weight *= 100
        save_model(path, classifier, info)
        return path
    squares = np.stack([image(info.image_size, info.image_size, seed) for seed in range(70)])
    spread_features(classifier, squares)
    engine = TorchEngine(classifier, info, FLOAT32)
    outputs = engine.run(squares)
    answers = outputs.logits.argmax(axis=1)
    means = mean_directions(outputs.features, answers, len(info.classes))
    means = means.astype(np.float16).astype(np.float32)
    familiarity = fit_ood_score(outputs.logits, outputs.features, answers, means)
    assert familiarity is not None
    info = dataclasses.replace(
        info,
        norm_weight=familiarity.norm_weight,
        cosine_weight=familiarity.cosine_weight,
        familiar_scores=familiarity.scores,
    )
    save_model(path, classifier, info, class_means=means)
    return path


def last_layer(classifier: Classifier) -> torch.nn.Linear:
    return [each for each in classifier.head.modules() if isinstance(each, torch.nn.Linear)][-1]


def spread_features(classifier: Classifier, squares: np.ndarray) -> None:
    """Fit BatchNorm to pictures, so that what differs between them is not lost."""
    for module in classifier.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
    with torch.no_grad():
        classifier.train()(torch.from_numpy(squares).permute(0, 3, 1, 2) / 64 - 2)


def image(width: int, height: int, seed: int) -> np.ndarray:
    """Random colours with a shape in them: uint8 (height, width, 3)."""
    draw = np.random.default_rng(seed)
    coarse = draw.integers(0, 256, (5, 4, 3), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((width, height)), dtype=np.int64)
    noise = draw.integers(-20, 21, (height, width, 3))
    return np.clip(smooth + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """As many small photos as a check takes."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(PHOTOS):
        wide, high = 40 + number % 7 * 9, 40 + number % 5 * 11
        Image.fromarray(image(wide, high, number)).save(folder / f"{number:03}.jpg")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def starters(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Format, bool], Exported]:
    """The starter in all variants, checked with pictures that were made."""
    folder = tmp_path_factory.mktemp("수출")
    return {
        (format, whole): drain(
            export(
                paths.starter_model(),
                format,
                folder / f"starter {whole}{SUFFIXES[format]}",
                (),
                whole,
            )
        )
        for format, whole in VARIANTS
    }


def float32_predictor(path: Path) -> Predictor:
    predictor = Predictor(path, "cpu")
    predictor.engine = TorchEngine(*load_model(path), FLOAT32)
    return predictor


@pytest.mark.parametrize("resize", ["squash", "crop"])
def test_the_graph_resizes_as_pillow_does(resize: Resize) -> None:
    size = 33
    graph = PillowSquare(size, resize)
    example = torch.zeros(40, 50, 3, dtype=torch.uint8)
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        traced = torch.jit.trace(graph, example, check_trace=False)
        torch.onnx.export(
            graph,
            (example,),
            file,  # type: ignore[arg-type]
            dynamo=False,
            opset_version=17,
            input_names=["photo"],
            dynamic_axes={"photo": {0: "height", 1: "width"}},
        )
    session = onnxruntime.InferenceSession(file.getvalue())
    any_size = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    unbound = torch.export.export(graph, (example,), dynamic_shapes=(any_size,)).module()
    compiled = openvino.compile_model(
        openvino.convert_model(
            graph, example_input=example, input=[([-1, -1, 3], openvino.Type.u8)]
        ),
        "CPU",
        {"INFERENCE_PRECISION_HINT": "f32"},
    )
    for number, (width, height) in enumerate(SIZES):
        photo = image(width, height, number)
        ours = square(Image.fromarray(photo), size, resize).transpose(2, 0, 1)[None]
        assert np.array_equal(traced(torch.from_numpy(photo)).numpy(), ours), (width, height)
        assert np.array_equal(unbound(torch.from_numpy(photo)).numpy(), ours), (width, height)
        assert np.array_equal(session.run(None, {"photo": photo})[0], ours), (width, height)
        assert np.array_equal(compiled([photo])[0], ours), (width, height)


@pytest.mark.parametrize(
    "scores",
    [
        np.linspace(2, 9, len(LEVELS)),
        np.sort(np.random.default_rng(0).normal(5, 1, len(LEVELS))),
        np.repeat([1.0, 2.0, 5.0, 5.0, 8.0], 21)[: len(LEVELS)],
        np.full(len(LEVELS), 5.0),
    ],
    ids=["even", "uneven", "steps", "one step"],
)
@pytest.mark.parametrize("with_means", [True, False])
def test_the_graph_finds_pictures_as_familiar_as_the_app(
    scores: np.ndarray, with_means: bool
) -> None:
    draw = np.random.default_rng(1)
    logits = draw.normal(0, 1, (300, 4)).astype(np.float32) * draw.uniform(0.2, 4, (300, 1))
    features = draw.normal(0, 1, (300, 6)).astype(np.float32)
    features[0] = 0
    means = mean_directions(features[:80], np.arange(80) % 4, 4) if with_means else None
    known = OodScore(1.3, 0.9 if with_means else 0.0, means, tuple(scores.tolist()))
    ours = known.of(logits.astype(np.float32), features)
    graph = OodScoreGraph(known)
    theirs = graph(torch.from_numpy(logits.astype(np.float32)), torch.from_numpy(features)).numpy()
    assert theirs.dtype == np.float32
    assert np.abs(theirs - ours).max() < 1e-4
    assert 0 in ours.round(6)
    assert 1 in ours.round(6)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_the_starter_answers_as_in_the_app(
    starters: dict[tuple[Format, bool], Exported], variant: tuple[Format, bool]
) -> None:
    exported = starters[variant]
    assert exported.checked == PHOTOS
    assert exported.largest_difference < 1e-4
    assert exported.largest_familiarity_difference < 1e-3
    assert exported.ties == 0
    assert exported.card.read_text(encoding="utf-8").startswith("# Starter")
    format, with_preprocessing = variant
    model = load_export(exported.path, format)
    predictor = float32_predictor(paths.starter_model())
    threshold, names = model.metadata["threshold"], model.metadata["classes"]
    answered = set()
    for sample in sorted(paths.samples_folder().glob("*.jpg"))[:4]:
        photo = np.array(Image.open(sample))
        answer = predictor.answer_image(photo)
        inputs = photo if with_preprocessing else normalised(photo, model.metadata["input"])
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


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_photo_of_any_size_and_any_number_of_images_will_do(
    starters: dict[tuple[Format, bool], Exported], variant: tuple[Format, bool]
) -> None:
    format, with_preprocessing = variant
    model = load_export(starters[variant].path, format)
    predictor = float32_predictor(paths.starter_model())
    images = [image(wide, high, wide) for wide, high in SIZES]
    if with_preprocessing:
        probabilities = np.concatenate([model.run(each)[0] for each in images])
    else:
        wanted = model.metadata["input"]
        probabilities = model.run(np.concatenate([normalised(p, wanted) for p in images]))[0]
    squares = [
        square(Image.fromarray(each), predictor.info.image_size, "squash") for each in images
    ]
    ours = predictor.probabilities(predictor.outputs(squares).logits)
    assert np.abs(probabilities - ours).max() < 1e-4


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_the_lines_in_the_card_give_the_apps_answer(
    starters: dict[tuple[Format, bool], Exported], variant: tuple[Format, bool], tmp_path: Path
) -> None:
    exported = starters[variant]
    lines = snippet(read_model_info(paths.starter_model()), *variant, exported.path.name)
    assert f"```python\n{lines}\n```" in exported.card.read_text(encoding="utf-8")
    photo = np.asarray(Image.open(paths.samples_folder() / "banana-1.jpg"))[:500]
    expected = float32_predictor(paths.starter_model()).answer_image(photo)
    answer = answer_of(lines, variant[0], exported.path, photo, tmp_path)
    assert expected.label == "Banana"
    assert answer == (expected.label, pytest.approx(expected.confidence, abs=1e-3))


def test_the_lines_crop_where_the_model_does_and_say_unknown(
    tmp_path: Path, photos: list[Path]
) -> None:
    photo = image(90, 60, 3)
    for number, threshold in enumerate((0.0, 1.0)):
        info = dataclasses.replace(INFO, resize="crop", threshold=threshold)
        model = model_file(tmp_path / f"{number}.safetensors", info)
        exported = drain(export(model, "onnx", tmp_path / f"{number}.onnx", photos))
        lines = snippet(info, "onnx", False, exported.path.name)
        folder = tmp_path / f"run {number}"
        folder.mkdir()
        expected = float32_predictor(model).answer_image(photo)
        answer = answer_of(lines, "onnx", exported.path, photo, folder)
        if threshold == 1.0:
            assert expected.unknown
            assert answer == ("unknown", None)
        else:
            assert answer == (expected.label, pytest.approx(expected.confidence, abs=1e-3))


def test_the_lines_convert_colours_as_the_app_does(tmp_path: Path, photos: list[Path]) -> None:
    info = dataclasses.replace(INFO, threshold=0.0)
    model = model_file(tmp_path / "model.safetensors", info)
    exported = drain(export(model, "onnx", tmp_path / "whole.onnx", photos))
    folder = tmp_path / "run"
    folder.mkdir()
    photo = Image.fromarray(image(90, 60, 3))
    photo.info["icc_profile"] = rgb_profile(DISPLAY_P3)
    buffer = io.BytesIO()
    photo.save(buffer, "PNG")
    converted = np.asarray(open_rgb(buffer.getvalue()))
    assert not np.array_equal(converted, image(90, 60, 3))
    expected = float32_predictor(model).answer_image(converted)

    lines = snippet(info, "onnx", False, exported.path.name)
    answer = answer_of(lines, "onnx", exported.path, photo, folder)

    assert answer == (expected.label, pytest.approx(expected.confidence, abs=1e-3))


def answer_of(
    lines: str, format: Format, export_file: Path, photo: np.ndarray | Image.Image, folder: Path
) -> tuple[str, float | None]:
    """The label and the probability that a snippet prints."""
    for file in files_of(export_file, format):
        shutil.copyfile(file, folder / file.name)
    # Whatever it is called, Pillow looks into the file; and PNG loses nothing.
    photo = photo if isinstance(photo, Image.Image) else Image.fromarray(photo)
    photo.save(folder / "photo.jpg", "PNG")
    script = folder / "snippet.py"
    script.write_text(lines, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(script)],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if done.stdout.strip() == "unknown":
        return "unknown", None
    label, _, probability = done.stdout.strip().rpartition(" ")
    return label, float(probability)


LOAD_QUIETLY = """
import sys
from trainer.export.onnx_runtime import onnxruntime

onnxruntime.InferenceSession(sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="There, Windows keeps what it reports")
def test_onnx_runtime_gets_ready_to_report_nothing(
    starters: dict[tuple[Format, bool], Exported], tmp_path: Path
) -> None:
    """Where it may report, it keeps a number of the device in the user's folder."""
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME"), str(tmp_path))
    # In continuous integration it is silent by itself.
    others = {key: value for key, value in os.environ.items() if key not in ("CI", *_SILENCERS)}
    arguments = [sys.executable, "-c", LOAD_QUIETLY, str(starters["onnx", False].path)]
    subprocess.run(arguments, env=others | places, check=True)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    "architecture",
    [name for name, each in ARCHITECTURES.items() if each.source == "torchvision"]
    # One of each family.
    + ["tf_efficientnet_lite0", "mobilenetv4_conv_small", "convnextv2_tiny"]
    + ["vit_small_patch16_224.dino", "timm/resnet26d"],
)
def test_every_architecture_can_be_exported_to_onnx(
    architecture: str, tmp_path: Path, photos: list[Path]
) -> None:
    export_and_check(architecture, "onnx", tmp_path, photos)


def export_and_check(architecture: str, format: Format, tmp_path: Path, photos: list[Path]) -> None:
    info = dataclasses.replace(INFO, architecture=architecture)
    model = model_file(tmp_path / "model.safetensors", info)
    exported = drain(export(model, format, tmp_path / f"export{SUFFIXES[format]}", photos))
    assert exported.checked == PHOTOS
    assert exported.largest_difference <= LARGEST_DIFFERENCE


@pytest.mark.parametrize("format", [each for each in FORMATS if each != "onnx"])
@pytest.mark.parametrize("architecture", FAMILIES)
def test_every_family_can_be_exported_to_the_other_formats(
    architecture: str, format: Format, tmp_path: Path, photos: list[Path]
) -> None:
    export_and_check(architecture, format, tmp_path, photos)


@pytest.mark.parametrize("architecture", [name for name in ARCHITECTURES if name not in FAMILIES])
def test_torch_export_leaves_the_number_of_pictures_open_in_every_architecture(
    architecture: str,
) -> None:
    """The whole table, on pictures so small that it is cheap; the answers are not compared."""
    info = dataclasses.replace(INFO, architecture=architecture)
    graph = ExportGraph(Classifier(architecture, 3, info.head, 8), info, None, False)
    program = torch.export.export(
        graph, (torch.zeros(2, 3, 32, 32),), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)
    )
    (images,) = (
        node for node in program.graph.nodes if node.op == "placeholder" and node.name == "inputs"
    )
    assert not isinstance(images.meta["val"].shape[0], int)


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
    exported = drain(export(model, format, target, photos))
    assert exported.checked == PHOTOS
    assert 0 < exported.largest_difference < 1e-4
    assert 0 < exported.largest_familiarity_difference < 1e-3
    assert exported.ties == 0


@pytest.mark.parametrize("format", FORMATS)
def test_another_head_and_resize_mode_can_be_exported_for_photos(
    format: Format, tmp_path: Path, photos: list[Path]
) -> None:
    info = dataclasses.replace(INFO, head="linear", resize="crop")
    model = model_file(tmp_path / "model.safetensors", info, calibrated=True)
    target = tmp_path / f"export{SUFFIXES[format]}"
    exported = drain(export(model, format, target, photos, with_preprocessing=True))
    assert exported.checked == PHOTOS
    assert 0 < exported.largest_difference <= LARGEST_DIFFERENCE
    assert exported.largest_familiarity_difference > 0


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_says_all_that_is_needed_to_use_it(
    format: Format, tmp_path: Path, photos: list[Path]
) -> None:
    model = model_file(tmp_path / "모델.safetensors")
    exported = drain(export(model, format, tmp_path / f"수출{SUFFIXES[format]}", photos))
    metadata = load_export(exported.path, format).metadata
    assert metadata["format"] == "fruitgui-export/1"
    assert metadata["title"] == INFO.title
    assert metadata["architecture"] == "mobilenet_v2"
    assert metadata["classes"] == ["사과", "b | c", "Passion-Fruit"]
    assert metadata["labels_en"] == ["사과", "b | c", "Passion fruit"]
    assert metadata["labels_ko"] == ["사과", "b | c", "패션프루트"]
    assert metadata["input"]["name"] == "images"
    assert metadata["input"]["shape"] == ["N", 3, 32, 32]
    assert metadata["temperature"] == 0.7
    assert metadata["threshold"] == 0.3
    assert metadata["unknown"]["output"] == "probabilities"
    assert metadata["metrics"] == INFO.metrics
    assert metadata["licence"] == "MIT"
    if format == "onnx":
        session = onnxruntime.InferenceSession(exported.path)
        assert [(each.name, each.shape) for each in session.get_inputs()] == [
            ("images", ["N", 3, 32, 32])
        ]
        assert [(each.name, each.shape) for each in session.get_outputs()] == [
            ("probabilities", ["N", 3]),
            ("logits", ["N", 3]),
        ]
    if format == "openvino":
        read = openvino.Core().read_model(exported.path)
        assert {each.any_name: str(each.partial_shape) for each in read.inputs + read.outputs} == {
            "images": "[?,3,32,32]",
            "probabilities": "[?,3]",
            "logits": "[?,3]",
        }


@pytest.mark.parametrize("format", FORMATS)
def test_the_export_of_another_model_is_refused_with_the_amount(
    format: Format, tmp_path: Path, photos: list[Path]
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    other = model_file(tmp_path / "other.safetensors", seed=1)
    target = tmp_path / f"export{SUFFIXES[format]}"
    exported = drain(export(other, format, target, photos))
    agreement = drain(check(other, exported.path, format, False, photos))
    assert agreement.largest_difference == exported.largest_difference
    with pytest.raises(ExportError) as refusal:
        drain(check(model, exported.path, format, False, photos))
    assert LARGEST_DIFFERENCE < float(refusal.value.details["difference"]) <= 1  # type: ignore[arg-type]
    assert str(refusal.value.details["difference"]) in str(refusal.value)


def in_other_order(outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(output.flip(1) for output in outputs)


def without_a_class(outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(output[:, 1:] for output in outputs)


def with_other_logits(outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return outputs[0], outputs[1] * 3 + 7


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (in_other_order, "photos get another label"),
        (without_a_class, "100 of 100 photos get another label"),
        (with_other_logits, r"logits are not the model's.* differs .* by up to 0\.\d"),
    ],
)
def test_an_export_that_computes_something_else_is_refused(
    wrong: Callable[[tuple[Tensor, ...]], tuple[Tensor, ...]],
    complaint: str,
    tmp_path: Path,
    photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    forward = ExportGraph.forward
    monkeypatch.setattr(ExportGraph, "forward", lambda self, inputs: wrong(forward(self, inputs)))
    with pytest.raises(ExportError, match=complaint):
        drain(export(model, "onnx", tmp_path / "export", photos))
    assert list(tmp_path.iterdir()) == [model]


@pytest.mark.parametrize(
    ("format", "key", "value"),
    [
        ("onnx", "temperature", 99.0),
        ("torchscript", "temperature", 0.7000001),
        ("torch_export", "temperature", 0.7000001),
        ("openvino", "temperature", 0.7000001),
        ("onnx", "threshold", 0.9),
        ("onnx", "classes", INFO.classes[::-1]),
        ("onnx", "classes", (*INFO.classes, "d")),
        ("onnx", "labels_ko", ["사과", "b | c", "수박"]),
        ("onnx", "input", {"size": 33}),
        ("onnx", "input", {"mean": [0.5, 0.5, 0.5]}),
        ("torchscript", "input", {"std": [0.5, 0.5, 0.5]}),
    ],
    ids=str,
)
def test_an_export_that_says_something_else_of_itself_is_refused(
    format: Format, key: str, value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    metadata = metadata_of(INFO, with_preprocessing=False)
    wrong = metadata | {key: metadata[key] | value if isinstance(value, dict) else value}
    monkeypatch.setattr(exporting, "metadata_of", lambda *_: wrong)
    with pytest.raises(ExportError, match="What the export says of itself") as refusal:
        drain(export(model, format, tmp_path / f"export{SUFFIXES[format]}"))
    assert refusal.value.details["fields"] == key
    assert list(tmp_path.iterdir()) == [model]


def test_an_export_that_tells_the_unknown_otherwise_is_refused(
    tmp_path: Path, photos: list[Path]
) -> None:
    model = model_file(tmp_path / "model.safetensors", calibrated=True)
    info = read_model_info(model)
    shifted = tuple(score + 0.3 for score in info.familiar_scores)
    other = tmp_path / "other.safetensors"
    changed = dataclasses.replace(info, familiar_scores=shifted)
    save_file(load_file(model), other, changed.to_metadata())
    exported = drain(export(other, "onnx", tmp_path / "export", photos))
    with pytest.raises(ExportError, match="familiarity differs by up to 0"):
        drain(check(model, exported.path, "onnx", False, photos))


def test_where_two_classes_are_level_either_may_be_named(
    tmp_path: Path, photos: list[Path]
) -> None:
    info = dataclasses.replace(INFO, classes=("a", "b"), head="linear")
    models = []
    for number in range(2):
        torch.manual_seed(0)
        classifier = Classifier(info.architecture, 2, "linear")
        for parameter in classifier.head.parameters():
            torch.nn.init.zeros_(parameter)
        with torch.no_grad():
            last_layer(classifier).bias[number] = LARGEST_DIFFERENCE
        models.append(tmp_path / f"{number}.safetensors")
        save_model(models[-1], classifier, info)
    exported = drain(export(models[1], "onnx", tmp_path / "export", photos))
    assert exported.ties == 0
    agreement = drain(check(models[0], exported.path, "onnx", False, photos))
    assert (agreement.ties, agreement.mistakes) == (PHOTOS, 0)


def test_a_model_that_computes_no_numbers_is_not_exported(
    tmp_path: Path, photos: list[Path]
) -> None:
    classifier = Classifier("mobilenet_v2", 3, "notebook", 8)
    torch.nn.init.constant_(classifier.head[0].bias, float("nan"))  # type: ignore[index, arg-type]
    model = tmp_path / "model.safetensors"
    save_model(model, classifier, INFO)
    with pytest.raises(ModelFileError, match="what is no number"):
        drain(export(model, "onnx", tmp_path / "export", photos))
    assert list(tmp_path.iterdir()) == [model]


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
    steps = export(model, "onnx", target, photos)
    happened = [next(steps) for _ in range(events_before)]
    assert all(isinstance(event, Preparing) and event.stage == "export" for event in happened)
    assert [event.total for event in happened] == [PHOTOS] * events_before
    assert [event.done for event in happened] == sorted({event.done for event in happened})
    steps.close()
    assert target.read_text() == "an earlier one"
    assert sorted(tmp_path.iterdir()) == [target, model]


# TorchScript's archives name the sources that they were traced from, and cannot be told not to.
@pytest.mark.parametrize("format", [each for each in FORMATS if each != "torchscript"])
def test_an_export_does_not_say_where_this_program_lies(format: Format, tmp_path: Path) -> None:
    model = model_file(tmp_path / "model.safetensors")
    exported = drain(export(model, format, tmp_path / f"export{SUFFIXES[format]}"))
    for file in exported.files:
        content = file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        for place in (Path(torch.__file__).parent, Path(exporting.__file__).parent, tmp_path):
            assert str(place).encode() not in content, file.name


@pytest.mark.parametrize("events_before", [1, 3])
def test_an_earlier_pair_of_files_stays_until_another_is_whole(
    events_before: int, tmp_path: Path, photos: list[Path]
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    target, weights = tmp_path / "export.xml", tmp_path / "export.bin"
    target.write_text("an earlier one")
    weights.write_text("its weights")
    steps = export(model, "openvino", target, photos)
    for _ in range(events_before):
        next(steps)
    steps.close()
    assert (target.read_text(), weights.read_text()) == ("an earlier one", "its weights")
    assert sorted(tmp_path.iterdir()) == [weights, target, model]
    exported = drain(export(model, "openvino", target, photos))
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
            drain(export(model, "openvino", tmp_path / name))
    assert sorted(tmp_path.iterdir()) == [model, other]


def test_the_model_itself_is_never_replaced(tmp_path: Path) -> None:
    model = model_file(tmp_path / "model.safetensors")
    before = model.read_bytes()
    with pytest.raises(ExportError, match="Choose another name"):
        drain(export(model, "onnx", model))
    assert model.read_bytes() == before
    with pytest.raises(ModelFileError):
        drain(export(tmp_path / "missing", "onnx", tmp_path / "export"))
    assert list(tmp_path.iterdir()) == [model]


def test_the_verb_writes_the_export_and_its_card(
    tmp_path: Path, photos: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    target = tmp_path / "out" / "모델.pt"
    arguments = ["export", str(model), "--format", "torchscript", "--out", str(target)]
    folder = str(photos[0].parent)
    assert main([*arguments, "--photos", folder, "--json", "--language", "ko"]) == 0
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
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_file(tmp_path / "apples.safetensors")
    monkeypatch.chdir(tmp_path)
    for name, files in (
        ("openvino", ["apples.xml", "apples.bin", "apples.xml.md"]),
        ("pt2", ["apples.pt2", "apples.pt2.md"]),
    ):
        assert main(["export", str(model), "--format", name]) == 0
        assert capsys.readouterr().out.splitlines()[1:] == files
        assert all(Path(file).is_file() for file in files)


def test_the_verb_says_which_format_is_deprecated(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "torchscript is deprecated by PyTorch" in " ".join(capsys.readouterr().out.split())


def test_without_a_place_it_is_written_by_the_models_name_here(
    tmp_path: Path,
    photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = model_file(tmp_path / "apples.safetensors")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    folder = tmp_path / "photos"
    folder.mkdir()
    for photo in photos[:3]:
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


EXPORT_ON_A_FULL_DISK = """
import resource, sys
from trainer.cli.main import main

resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
for format in ("onnx", "torch_export", "openvino", "torchscript"):
    print(main(["export", sys.argv[1], "--format", format, "--out", sys.argv[2]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_a_full_disk_is_told_by_the_files_name(tmp_path: Path) -> None:
    model = model_file(tmp_path / "model.safetensors")
    target = tmp_path / "내보내기.xml"
    done = subprocess.run(
        [sys.executable, "-c", EXPORT_ON_A_FULL_DISK, str(model), str(target)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.split() == ["1"] * 4, done.stderr
    sentences = done.stderr.splitlines()
    assert len(sentences) == 4
    assert all("The disk refused to store" in sentence for sentence in sentences)
    assert all(str(target.with_suffix("")) in sentence for sentence in sentences)
    assert list(tmp_path.iterdir()) == [model]


@pytest.mark.parametrize("count", [0, 5, 20, PHOTOS])
def test_pictures_that_are_made_are_all_different(count: int) -> None:
    images = list(check_images([], count, at_least=64))
    assert len(images) == count
    assert {each.image.mode for each in images} <= {"RGB"}
    assert not any(each.is_yours for each in images)
    assert len({(each.image.size, each.image.tobytes()) for each in images}) == count


def test_of_many_photos_some_from_all_over_are_taken(tmp_path: Path) -> None:
    for number in range(250):
        Image.new("RGB", (2, 2), (number, 0, 0)).save(tmp_path / f"{number:03}.png")
    photos = sorted(tmp_path.iterdir())
    reds = [np.asarray(image)[0, 0, 0] for image, _ in check_images(photos, 50, at_least=1)]
    assert [int(red) for red in reds] == list(range(0, 250, 5))
    few = list(check_images(photos[:3], 10, at_least=1))
    assert [each.is_yours for each in few] == [True] * 3 + [False] * 7
    assert [each.image.size == (2, 2) for each in few] == [True] * 3 + [False] * 7


def test_photos_that_cannot_be_read_make_room_for_others(tmp_path: Path) -> None:
    for number in range(60):
        Image.new("RGB", (2, 2), (number, 0, 0)).save(tmp_path / f"{number:03}.png")
    photos = sorted(tmp_path.iterdir())
    for photo in photos[::3]:
        photo.write_text("no picture")
    found = list(check_images(photos, 20, at_least=1))
    assert [each.is_yours for each in found] == [True] * 20
    reds = {int(np.asarray(each.image)[0, 0, 0]) for each in found}
    assert len(reds) == 20
    assert min(reds) < 20 < 40 < max(reds)
    require_readable(photos)
    with pytest.raises(ImageError, match="None of the 20 photos could be read"):
        require_readable(photos[::3])
