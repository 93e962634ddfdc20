"""Small models to export, with random weights, and pictures for them."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from trainer.control import drain
from trainer.export.export import export
from trainer.export.format import Exported, Format
from trainer.inference.predictor import Predictor
from trainer.inference.torch_engine import TorchEngine
from trainer.models.classifier import Classifier
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import load_model, save_model
from trainer.models.ood_score import fit_ood_score, mean_directions
from trainer.runtime.device import Compute

INFO = ModelInfo(
    title="Obst · 과일",
    architecture="timm/test_resnet",
    classes=("사과", "b | c", "Passion-Fruit"),
    head_width=8,
    image_size=32,
    temperature=0.7,
    threshold=0.3,
    metrics={"validation_accuracy": 0.5, "validation_photos": 10},
    licence="MIT",
)
"""Of the smallest network of timm's."""
FAMILIES = ("resnet18", "mobilenet_v2", "convnext_tiny", "vit_small_patch16_224.dino")
"""Exported in every format; other networks only where it is cheap."""
FLOAT32 = Compute(torch.device("cpu"), torch.float32)
FEW = 20
"""So many photos are answered alone, by a whole batch, and by a part of one."""


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


def float32_predictor(path: Path) -> Predictor:
    return Predictor(path, engine=TorchEngine(*load_model(path), FLOAT32))


def checked_export(
    model: Path,
    format: Format,
    target: Path,
    photos: Sequence[Path] = (),
    with_preprocessing: bool = False,
) -> Exported:
    """Export a model, checked with few photos."""
    return drain(export(model, format, target, photos, with_preprocessing, count=FEW))
