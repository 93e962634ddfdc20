from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import nn

from trainer import paths, synthetic
from trainer.data.transforms import square_from_file
from trainer.inference.engine import Outputs
from trainer.inference.grad_cam import look_closely, read_head
from trainer.inference.predictor import Predictor
from trainer.inference.torch_engine import TorchEngine
from trainer.models.classifier import Classifier, normalise
from trainer.models.metadata import Activation, ModelInfo
from trainer.models.model_file import load_model, save_model


@pytest.mark.parametrize(
    ("model", "head"),
    [
        ("mobilenet_v2", "linear"),
        ("mobilenet_v2", "notebook"),
        ("mobilenet_v2", "joint"),
        ("convnext_tiny", "notebook"),
        ("convnextv2_tiny", "linear"),
        ("mobilenetv4_conv_small", "linear"),
        ("mobilenetv4_conv_small", "notebook"),
        ("tf_efficientnet_lite0", "notebook"),
        ("vit_small_patch16_224.dino", "notebook"),
        ("timm/resnet26d", "linear"),
    ],
)
def test_the_gradient_is_torchs(model: str, head: Any, tmp_path: Path) -> None:
    torch.manual_seed(0)
    side = 64
    classifier = Classifier(model, 5, head)
    for module in classifier.modules():
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.normal_(module.bias)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.normal_(module.running_mean, std=0.1)
    info = ModelInfo(
        title="x", architecture=model, classes=tuple("abcde"), head=head, image_size=side
    )
    the_gradient_is_torchs(classifier, info, tmp_path)


@pytest.mark.parametrize("activation", get_args(Activation))
def test_the_gradient_of_imported_heads_is_torchs(activation: Activation, tmp_path: Path) -> None:
    torch.manual_seed(0)
    layers: tuple[tuple[int, Activation], ...] = ((16, activation), (8, "relu"))
    classifier = Classifier("mobilenet_v2", 5, "layers", layers=layers)
    for module in classifier.head.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight)  # So large that all of the curve is seen.
            nn.init.normal_(module.bias)
    info = ModelInfo(
        title="x",
        architecture="mobilenet_v2",
        classes=tuple("abcde"),
        head="layers",
        head_widths=(16, 8),
        head_activations=(activation, "relu"),
        image_size=64,
    )
    the_gradient_is_torchs(classifier, info, tmp_path)


def the_gradient_is_torchs(classifier: Classifier, info: ModelInfo, tmp_path: Path) -> None:
    side = info.image_size
    file = tmp_path / "model.safetensors"
    save_model(file, classifier, info)
    classifier, info = load_model(file)
    square = np.random.default_rng(0).integers(0, 255, (side, side, 3), dtype=np.uint8)
    images = torch.from_numpy(square[None]).permute(0, 3, 1, 2)
    maps = classifier.trunk(normalise(images, info.mean, info.std)).detach().requires_grad_()
    classifier.classify(maps)[0, 3].backward()
    assert maps.grad is not None
    expected = maps.grad[0].sum(dim=(1, 2)).numpy()

    engine = TorchEngine.load(file, "cpu")
    means = engine.run(square[None], with_maps=True).maps[0].mean(axis=(1, 2))
    gradient = read_head(file, info).gradient(means, 3)
    assert gradient == pytest.approx(expected, rel=1e-3, abs=1e-5)
    assert len(gradient) == maps.shape[1]


@pytest.mark.parametrize("side", [128, 225, 260])
@pytest.mark.parametrize("corner", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_the_heat_lies_where_the_fruit_is(corner: tuple[int, int], side: int) -> None:
    starter = Predictor(paths.starter_model())
    # The shipped engine has the model's own size; torch takes any, also no multiple of its stride.
    engine = TorchEngine.load(paths.starter_model(), "cpu")
    fruit = square_from_file(paths.samples_folder() / "tomato-1.jpg", side // 2, "squash")
    square = np.full((side, side, 3), 235, dtype=np.uint8)
    down, right = (place * (side - side // 2) for place in corner)
    square[down : down + side // 2, right : right + side // 2] = fruit
    seen = look_closely(engine, read_head(starter.model_file, starter.info), square)
    heat = seen.heat_map(starter.info.classes.index("Tomato"), side=100)
    assert heat.shape == (100, 100)
    assert (heat.min(), heat.max()) == (pytest.approx(0, abs=0.2), 1)
    middle = [np.average(np.arange(100), weights=heat.sum(axis=axis)) for axis in (1, 0)]
    assert tuple(int(place > 49.5) for place in middle) == corner


class Patches:
    """An engine that sees how light each patch of 14 pixels is, as a transformer cuts them."""

    name = "patches"

    def run(self, squares: np.ndarray, with_maps: bool = False) -> Outputs:
        count, side = squares.shape[:2]
        cells = side // 14
        patches = squares[:, : 14 * cells, : 14 * cells].reshape(count, cells, 14, cells, 14, 3)
        maps = patches.mean(axis=(2, 4, 5), dtype=np.float32)[:, None]
        features = maps.mean(axis=(2, 3))
        return Outputs(features, features, maps if with_maps else maps[:0])


class Lightness:
    def gradient(self, means: np.ndarray, label: int) -> np.ndarray:
        return np.ones(1, dtype=np.float32)


@pytest.mark.parametrize("side", [224, 392, 518])
def test_patches_of_any_width_are_shown_where_they_lie(side: int) -> None:
    square = np.zeros((side, side, 3), dtype=np.uint8)
    square[side * 8 // 10 :] = 255
    heat = look_closely(Patches(), Lightness(), square).heat_map(0, side=100)  # type: ignore[arg-type]
    assert heat[85:].min() > 0.9
    assert heat[:75].max() < 0.1


def test_every_class_has_a_map_of_its_own() -> None:
    starter = Predictor(paths.starter_model())
    image = synthetic.render("Banana", seed=1, size=starter.info.image_size)
    seen = look_closely(starter.engine, read_head(starter.model_file, starter.info), image)
    maps = [seen.heat_map(label, side=32) for label in range(len(starter.info.classes))]
    assert all(np.isfinite(heat).all() for heat in maps)
    assert len({heat.tobytes() for heat in maps if heat.any()}) == sum(h.any() for h in maps)
