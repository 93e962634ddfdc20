import dataclasses
import math
from contextlib import closing
from pathlib import Path

import pytest
import safetensors.torch
import torch

from tests.trainer.runs import STAGED, new_run, until, weights
from trainer import events
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet, Photo
from trainer.errors import RecipeError, WeightsError
from trainer.experiments.run import create_run
from trainer.inference.predictor import Predictor
from trainer.models import imagenet
from trainer.models.classifier import Classifier
from trainer.models.imagenet_classes import claimed, imagenet_classes_of, not_among
from trainer.models.joint_head import JointHead
from trainer.models.model_file import load_model
from trainer.models.pretrained import load_pretrained, read_in_order
from trainer.training.fit import fit
from trainer.training.losses import Retention

LITE = Recipe(
    model="tf_efficientnet_lite0",
    weights="imagenet",
    strategy="head",
    head="joint",
    image_size=32,
    batch_size=8,
    epochs=2,
    learning_rate=1e-3,
    patience=0,
    retention_weight=1.0,
)
"""Learns from ImageNet weights that are installed with the app."""


def pretrained(classes: tuple[str, ...]) -> Classifier:
    classifier = Classifier("tf_efficientnet_lite0", len(classes), "joint", dropout=0.0)
    assert isinstance(classifier.head, JointHead)
    classifier.head.claim(classes)
    for _ in load_pretrained(classifier, "imagenet", classes):
        pass
    return classifier.eval()


def test_a_logit_is_the_log_odds_against_the_background() -> None:
    torch.manual_seed(0)
    head = JointHead(8, 3, dropout=0.0).eval()
    head.claim(("Lime", "Corn", "Banana"))
    features = torch.randn(5, 8)
    own, imagenet = head.outputs(features)
    everything = torch.cat([own, imagenet], dim=1).softmax(dim=1)
    of_imagenet = everything[:, 3:]
    corn = everything[:, 1] + of_imagenet[:, 987] + of_imagenet[:, 998]
    banana = everything[:, 2] + of_imagenet[:, 954]
    background = 1 - everything[:, 0] - corn - banana
    expected = torch.stack([everything[:, 0], corn, banana], dim=1) / background[:, None]
    assert torch.allclose(head(features), expected.log(), atol=1e-4)


def test_extreme_outputs_give_finite_logits_and_gradients() -> None:
    head = JointHead(4, 2, dropout=0.0)
    head.claim(("Lemon", "Garlic"))
    own = torch.tensor([[200.0, -200.0]], requires_grad=True)
    imagenet = torch.zeros(1, 1000)
    imagenet[0, 0] = 300.0
    logits = head.join(own, imagenet)
    logits.sum().backward()
    assert torch.isfinite(logits).all()
    assert own.grad is not None
    assert torch.isfinite(own.grad).all()


@pytest.mark.parametrize(
    ("name", "indices"),
    [
        ("Lemon", (951,)),
        ("corn", (987, 998)),
        ("sweetcorn", (987, 998)),
        ("Brown-Cap-Mushroom", (947,)),
        ("capsicum", (945,)),
        ("COURGETTE", (939,)),
        ("Garlic", ()),
        ("Pineapple juice", ()),
    ],
)
def test_kinds_are_found_under_what_people_call_them(name: str, indices: tuple[int, ...]) -> None:
    assert imagenet_classes_of(name) == indices


def test_an_imagenet_class_is_of_one_class_only() -> None:
    assert claimed(("Bell pepper", "Capsicum", "Kiwi")) == {945: 0}


def test_what_imagenet_knows_beside_a_data_sets_classes() -> None:
    others = not_among(("Pepper", "Banana", "Mushroom"))
    assert {"Strawberry", "Broccoli", "Acorn squash"} <= set(others)
    assert not {"Bell pepper", "Banana", "Brown cap mushroom"} & set(others)
    # Each once, though some go by two names.
    everything = not_among(())
    assert len(claimed(everything)) == sum(len(imagenet_classes_of(name)) for name in everything)


def test_kinds_of_imagenets_are_known_before_anything_is_learnt() -> None:
    """Its own layer starts at random, and knows nothing; ImageNet's knows what it always did."""
    classes = ("Banana", "Garlic", "Lemon")
    classifier = pretrained(classes)
    plain = Classifier("tf_efficientnet_lite0", 1000, "linear", dropout=0.0)
    for _ in load_pretrained(plain, "imagenet", ()):
        pass
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        features = classifier.pool(classifier.trunk(images))
        assert torch.equal(features, plain.eval().pool(plain.trunk(images)))
        head = classifier.head
        assert isinstance(head, JointHead)
        answers = head.outputs(features)[1].softmax(dim=1)
        odds = answers[:, 951] / (1 - answers[:, 951] - answers[:, 954])
        head.own.bias.fill_(-1e3)
        head.own.weight.zero_()
        assert torch.allclose(classifier(images)[:, 2], odds.log(), atol=1e-3)


def test_weights_without_imagenets_classes_are_refused(tmp_path: Path, demo_data: DataSet) -> None:
    run = new_run(demo_data, tmp_path / "run", model=STAGED, epochs=1, head="linear")
    for _ in fit(run, demo_data):
        pass
    classifier = Classifier(STAGED, 3, "joint")
    with pytest.raises(WeightsError, match="do not tell ImageNet's classes apart"):
        for _ in load_pretrained(classifier, str(run.model_file), ("a", "b", "c")):
            pass


@pytest.mark.parametrize(
    "choices",
    [
        {"mixup": 0.2},
        {"teacher": "some.safetensors"},
        {"head": "linear"},
        {"model": "mobilenet_v3_large"},
        {"model": "vit_small_patch16_224.dino"},
        {"model": "timm/resnet26d"},
    ],
)
def test_choices_that_do_not_go_together(choices: dict[str, object]) -> None:
    with pytest.raises(RecipeError):
        LITE.but(**choices)


def test_retention_holds_imagenets_layer_to_what_it_was() -> None:
    classes = ("Banana", "Garlic", "Lemon")
    origin = pretrained(classes)
    classifier = pretrained(classes)
    images, labels = torch.randn(4, 3, 32, 32), torch.tensor([0, 1, 2, 3])  # The last is none.
    held = Retention(origin, weight=1.0, temperature=2.0, label_smoothing=0.0)
    free = Retention(origin, weight=0.0, temperature=2.0, label_smoothing=0.0)
    none = Retention(None, weight=0.0, temperature=2.0, label_smoothing=0.0)
    assert torch.equal(
        none(classifier, images, labels, 0)[0], free(classifier, images, labels, 0)[0]
    )
    same, _ = held(classifier, images, labels, 0)
    assert same.item() == pytest.approx(free(classifier, images, labels, 0)[0].item(), abs=1e-4)

    assert isinstance(classifier.head, JointHead)
    with torch.no_grad():
        classifier.head.imagenet.weight.mul_(-10)
    changed, logits = held(classifier, images, labels, 0)
    assert changed.item() > free(classifier, images, labels, 0)[0].item() + 0.1
    assert logits.shape == (4, 3)


def test_photos_of_other_things_are_learnt_as_the_background(
    demo_data: DataSet, tmp_path: Path
) -> None:
    """Limes are of no class here; after learning, they speak for none."""
    classes = ("Banana", "Tomato")
    renamed = {0: 0, 1: 2, 2: 1}
    splits = {
        split: tuple(Photo(photo.path, renamed[photo.label]) for photo in photos)
        for split, photos in demo_data.splits.items()
    }
    for held_out in ("validation", "test"):
        splits[held_out] = tuple(photo for photo in splits[held_out] if photo.label < 2)
    data = dataclasses.replace(demo_data, classes=classes, splits=splits)
    assert data.background == 2
    run = create_run(
        LITE.but(epochs=25, learning_rate=1e-2, image_size=64), data.root, tmp_path / "run"
    )
    with closing(fit(run, data)) as steps:
        finished = until(steps, events.Finished)
    assert finished.validation_accuracy == 1.0
    classifier, info = load_model(run.model_file)
    assert (info.head, info.classes) == ("joint", classes)
    predictor = Predictor(run.model_file, "cpu")
    found = {
        label: [
            float(batch.outputs.logits.max())
            for photo in splits["train"]
            if photo.label == label
            for batch in predictor.batches([photo.path])
            if batch.outputs is not None
        ]
        for label in (0, 1, 2)
    }
    means = {label: sum(values) / len(values) for label, values in found.items()}
    assert means[2] < min(means[0], means[1]) - math.log(2)
    assert classifier.class_count == 2


def test_it_goes_on_as_if_never_interrupted(demo_data: DataSet, tmp_path: Path) -> None:
    recipe = LITE.but(strategy="layer4", frozen_batchnorm="all")
    whole = create_run(recipe, demo_data.root, tmp_path / "whole")
    for _ in fit(whole, demo_data):
        pass
    halved = create_run(recipe, demo_data.root, tmp_path / "halved")
    with closing(fit(halved, demo_data)) as steps:
        until(steps, events.EpochDone)
    for _ in fit(halved, demo_data):
        pass
    first, second = weights(whole), weights(halved)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_it_does_not_go_on_from_other_weights_than_it_holds_on_to(
    demo_data: DataSet, tmp_path: Path
) -> None:
    package = imagenet.packaged_file(LITE.model)
    assert package is not None
    weights_file = tmp_path / "weights.safetensors"
    named = read_in_order(Classifier(LITE.model, 1), package)
    state = {name: tensor.contiguous() for name, tensor in named.items()}
    safetensors.torch.save_file(state, weights_file)
    run = create_run(LITE.but(weights=str(weights_file)), demo_data.root, tmp_path / "run")
    with closing(fit(run, demo_data)) as steps:
        until(steps, events.EpochDone)
    name = next(iter(state))
    safetensors.torch.save_file(state | {name: state[name] + 1}, weights_file)
    with pytest.raises(RecipeError, match="are others by now"):
        list(fit(run, demo_data))


def test_all_statistics_stay_where_no_stage_may_change_them(
    demo_data: DataSet, tmp_path: Path
) -> None:
    run = create_run(
        LITE.but(strategy="layer4", frozen_batchnorm="all", epochs=1),
        demo_data.root,
        tmp_path / "run",
    )
    for _ in fit(run, demo_data):
        pass
    before, after = pretrained(demo_data.classes).network.state_dict(), weights(run)
    moved = [name for name in before if not torch.equal(before[name], after[name])]
    assert not [name for name in moved if "running_" in name]
    assert any(name.startswith("blocks.6") for name in moved)
