import argparse
import copy
import json
import pathlib
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from tests.trainer.architectures import ONE_OF_EACH_KIND
from trainer.config.architectures import ARCHITECTURES
from trainer.config.recipe import HeadKind
from trainer.errors import ModelFileError, WeightsError
from trainer.experiments.model_library import import_weights, stored_models
from trainer.models.classifier import Classifier
from trainer.models.foreign.import_weights import build, from_state_dict, recognise
from trainer.models.metadata import AssumedActivation
from trainer.models.model_file import load_model
from trainer.models.timm_models import timm
from trainer.models.torchvision_models import models

CLASSES = ("a", "b", "c")
State = dict[str, Tensor]


@pytest.mark.parametrize(
    ("name", "head"),
    [(name, "linear") for name in sorted(ARCHITECTURES)]
    + [(name, "notebook") for name in ONE_OF_EACH_KIND],
)
def test_bare_weights_are_recognised(tmp_path: Path, name: str, head: HeadKind) -> None:
    torch.manual_seed(0)
    original = Classifier(name, len(CLASSES), head).eval()
    path = tmp_path / "best_model.pth"
    torch.save(original.network.state_dict(), path)
    classifier, info = from_state_dict(path, CLASSES)
    assert (info.architecture, info.head, info.classes) == (name, head, CLASSES)
    images = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.equal(classifier(images), original(images))


def _as_trained(network: nn.Module) -> nn.Module:
    """With statistics as of photos, so that each layer counts."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d):
            module.running_mean.normal_(0, 0.1)  # type: ignore[union-attr,operator]
            module.running_var.uniform_(0.5, 1.5)  # type: ignore[union-attr,operator]
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.1)
    return network.eval()


def _one(features: int) -> nn.Module:
    return nn.Linear(features, 3)


def _dropout(features: int) -> nn.Module:
    return nn.Sequential(nn.Dropout(0.4), nn.Linear(features, 3, bias=False))


def _hidden(features: int) -> nn.Module:
    return nn.Sequential(nn.Linear(features, 16), nn.ReLU(), nn.Linear(16, 3))


def _normalised(features: int) -> nn.Module:
    return nn.Sequential(
        *(nn.BatchNorm1d(features), nn.Linear(features, 16), nn.BatchNorm1d(16), nn.GELU()),
        *(nn.Dropout(0.5), nn.Linear(16, 3)),
    )


def _deep(features: int) -> nn.Module:
    return nn.Sequential(
        *(nn.Linear(features, 16), nn.SiLU(), nn.BatchNorm1d(16), nn.Dropout(0.5)),
        *(nn.Linear(16, 8), nn.SiLU(), nn.Linear(8, 3)),
    )


def _without_activation(features: int) -> nn.Module:
    return nn.Sequential(nn.Linear(features, 16), nn.Linear(16, 3))


@pytest.mark.parametrize(
    ("head", "activation", "kind"),
    [
        (_one, None, "linear"),
        (_dropout, None, "linear"),
        (_hidden, None, "notebook"),
        (_normalised, "gelu", "layers"),
        (_deep, "silu", "layers"),
        (_without_activation, None, "linear"),
    ],
)
@pytest.mark.parametrize(
    "name", ["resnet18", "convnext_tiny", "mobilenet_v3_large", "mobilenet_v2", "efficientnet_b0"]
)
def test_torchvisions_networks_answer_as_they_did_whatever_head_they_were_given(
    tmp_path: Path,
    name: str,
    head: Callable[[int], nn.Module],
    activation: AssumedActivation | None,
    kind: str,
) -> None:
    torch.manual_seed(0)
    architecture = ARCHITECTURES[name]
    network = getattr(models, name)()
    network.set_submodule(architecture.head, head(architecture.features))
    _as_trained(network)
    path = tmp_path / "weights.pth"
    torch.save(network.state_dict(), path)
    classifier, info = from_state_dict(path, CLASSES, activation=activation)
    assert (info.architecture, info.head) == (name, kind)
    images = torch.rand(4, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(classifier(images), network(images), atol=1e-5)


@pytest.mark.parametrize("name", ["resnet18d", "efficientnet_b3", "convnextv2_tiny"])
def test_timms_networks_answer_as_they_did(tmp_path: Path, name: str) -> None:
    torch.manual_seed(0)
    network = _as_trained(timm.create_model(name, num_classes=3))
    path = tmp_path / "weights.pth"
    torch.save(network.state_dict(), path)
    classifier, info = from_state_dict(path, CLASSES)
    assert (info.architecture, info.head) == (name, "linear")
    images = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(classifier(images), network(images), atol=1e-5)


@pytest.mark.parametrize("is_deeper", [False, True])
def test_of_mobilenets_own_head_the_activation_is_known(tmp_path: Path, is_deeper: bool) -> None:
    torch.manual_seed(0)
    network = models.mobilenet_v3_large()
    network.classifier[3] = (
        nn.Sequential(nn.Linear(1280, 8), nn.ReLU(), nn.Linear(8, 3))
        if is_deeper
        else nn.Linear(1280, 3)
    )
    nn.init.normal_(network.classifier[0].weight)  # As large as makes the activation count.
    _as_trained(network)
    path = tmp_path / "weights.pth"
    torch.save(network.state_dict(), path)
    classifier, info = from_state_dict(path, CLASSES)
    assert info.head_activations == (("hardswish", "relu") if is_deeper else ("hardswish",))
    images = torch.rand(4, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(classifier(images), network(images), atol=1e-4)
    # Between the other layers, it may have been anything.
    assert bool(recognise(path).notes) == is_deeper


def test_an_imported_head_is_kept_in_the_model_file(tmp_path: Path) -> None:
    network = models.mobilenet_v3_large(num_classes=3).eval()
    path = tmp_path / "weights.pth"
    torch.save(network.state_dict(), path)
    classifier, info = load_model(import_weights(recognise(path), CLASSES))
    assert (info.head, info.head_widths, info.head_activations) == (
        *("layers", (1280,)),
        ("hardswish",),
    )
    images = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(classifier(images), network(images), atol=1e-5)


def test_what_stands_between_layers_is_assumed_aloud(tmp_path: Path) -> None:
    network = models.mobilenet_v2()
    network.classifier = nn.Sequential(nn.Linear(1280, 8), nn.Tanh(), nn.Linear(8, 3))
    path = tmp_path / "weights.pth"
    torch.save(network.state_dict(), path)
    (note,) = recognise(path).notes
    assert "ReLU is assumed" in str(note)
    assert recognise(path, "tanh").notes == ()


class _OfOnesOwn(nn.Module):
    def __init__(self, trunk: nn.Module) -> None:
        super().__init__()
        self.backbone = copy.deepcopy(trunk)
        self.backbone.classifier = nn.Identity()
        self.head = nn.Linear(1280, 3)


@pytest.fixture(scope="module")
def network() -> nn.Module:
    torch.manual_seed(0)
    return _as_trained(models.mobilenet_v2(num_classes=3))


def _named(prefix: str, state: State) -> State:
    return {f"{prefix}{name}": tensor for name, tensor in state.items()}


def _other(state: State) -> State:
    return {name: torch.zeros_like(tensor) for name, tensor in state.items()}


_OPTIMIZER = {"state": {0: {"step": torch.tensor(1.0), "exp_avg": torch.zeros(2)}}}
_KEPT: dict[str, Callable[[State], Any]] = {
    "model": lambda s: {"model": s, "optimizer": _OPTIMIZER},
    "model_state_dict": lambda s: {"model_state_dict": s, "epoch": 3, "loss": np.float64(0.5)},
    "net": lambda s: {"net": s, "acc": 0.9},
    "two levels": lambda s: {"checkpoint": {"weights": s}},
    "a list": lambda s: [s, 3],
    "compiled": lambda s: _named("_orig_mod.", s),
    "in parallel": lambda s: {"state_dict": _named("module.", s), "best_acc1": torch.tensor(0.5)},
    "in parallel, compiled": lambda s: _named("module.model._orig_mod.", s),
    "in parallel in part": lambda s: {n.replace("features.", "features.module."): s[n] for n in s},
    "Lightning": lambda s: {
        "state_dict": _named("model.", s) | {"criterion.weight": torch.ones(3)},
        "hyper_parameters": {"lr": 0.1, "loss": nn.CrossEntropyLoss(), "data": pathlib.Path("x")},
        "pytorch-lightning_version": "2.1.0",
        "callbacks": {},
    },
    "moving average": lambda s: {
        "model": _other(s),
        "model_ema": _named("module.", s) | {"n_averaged": torch.tensor(5)},
        "args": argparse.Namespace(lr=0.1),
    },
    "timm's moving average": lambda s: {"state_dict": _other(s), "state_dict_ema": s},
    "params_ema": lambda s: {"params": _other(s), "params_ema": s},
    "teacher": lambda s: {"student": _other(s), "teacher": _named("backbone.", s)},
    "teacher in one": lambda s: _named("student.", _other(s)) | _named("teacher.", s),
    "normalised inside": lambda s: (
        _named("net.", s) | {"mean": torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)}
    ),
}


@pytest.mark.parametrize("kept", _KEPT.values(), ids=_KEPT)
def test_weights_are_found_however_people_keep_them(
    tmp_path: Path, network: nn.Module, kept: Callable[[State], Any]
) -> None:
    path = tmp_path / "weights.pth"
    torch.save(kept(network.state_dict()), path)
    classifier, info = from_state_dict(path, CLASSES)
    assert info.architecture == "mobilenet_v2"
    images = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.equal(classifier(images), network(images))


def test_which_of_several_networks_is_taken_is_said(tmp_path: Path, network: nn.Module) -> None:
    path = tmp_path / "weights.pth"
    torch.save(_KEPT["moving average"](network.state_dict()), path)
    (note,) = recognise(path).notes
    assert "The one under “model_ema” is taken" in str(note)


@pytest.mark.parametrize("prefix", ["", "model."])
def test_a_head_may_lie_beside_the_trunk(tmp_path: Path, network: nn.Module, prefix: str) -> None:
    own = _OfOnesOwn(network).eval()
    path = tmp_path / "weights.pth"
    torch.save(_named(prefix, own.state_dict()), path)
    classifier, _ = from_state_dict(path, CLASSES)
    images = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(classifier(images), own.head(own.backbone(images)), atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_single(
    tmp_path: Path, network: nn.Module, dtype: torch.dtype
) -> None:
    path = tmp_path / "weights.pth"
    state = {
        name: tensor.to(dtype) if tensor.is_floating_point() else tensor
        for name, tensor in network.state_dict().items()
    }
    torch.save(state, path)
    classifier, _ = from_state_dict(path, CLASSES)
    assert {parameter.dtype for parameter in classifier.parameters()} == {torch.float32}
    assert torch.equal(classifier.head[1].weight, state["classifier.1.weight"].float())  # type: ignore[index]


def test_safetensors_of_others_bring_their_classes(tmp_path: Path, network: nn.Module) -> None:
    path = tmp_path / "weights.safetensors"
    safetensors.torch.save_file(
        _named("module.", network.state_dict()),
        path,
        metadata={"format": "pt", "classes": json.dumps(["b", "a", "c"])},
    )
    assert from_state_dict(path)[1].classes == ("b", "a", "c")


def test_names_of_another_number_do_not_count_and_are_told(
    tmp_path: Path, network: nn.Module
) -> None:
    path = tmp_path / "weights.pth"
    torch.save({"model": network.state_dict(), "classes": ["a", "b"]}, path)
    weights = recognise(path)
    assert weights.classes == ()
    assert "names 2 classes, but tells 3 apart" in str(weights.notes[0])


def test_what_would_answer_otherwise_is_refused(tmp_path: Path, network: nn.Module) -> None:
    state, path = network.state_dict(), tmp_path / "weights.pth"
    for change, said in (
        ({"pool.p": torch.ones(1)}, "parts that are not known here (pool.p)"),
        ({"mean": torch.tensor([0.1, 0.2, 0.3])}, "parts that are not known here (mean)"),
        ({"classifier.3.weight": torch.ones(3, 3, 3, 3)}, "head is of a kind that is not known"),
    ):
        torch.save(state | change, path)
        with pytest.raises(ModelFileError) as raised:
            recognise(path)
        assert said in str(raised.value)


def test_a_trunk_alone_tells_nothing_apart(tmp_path: Path, network: nn.Module) -> None:
    path = tmp_path / "weights.pth"
    state = network.state_dict()
    torch.save({name: state[name] for name in state if name.startswith("features")}, path)
    with pytest.raises(ModelFileError, match="trunk of a MobileNetV2 without a head"):
        recognise(path)


def test_a_transformer_that_answers_from_its_class_token_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    torch.save(timm.create_model("vit_small_patch16_224", num_classes=3).state_dict(), path)
    with pytest.raises(ModelFileError, match="answers from its class token"):
        recognise(path)


def test_a_twin_with_other_padding_is_not_taken_for_it(tmp_path: Path) -> None:
    state = timm.create_model("efficientnet_lite0", num_classes=3).state_dict()
    path = tmp_path / "weights.pth"
    torch.save({"arch": "efficientnet_lite0", "state_dict": state}, path)
    with pytest.raises(ModelFileError, match="answers otherwise"):
        recognise(path)
    # Where nothing says which it was, that is said.
    torch.save(state, path)
    assert "If it was efficientnet_lite0, the answers are wrong" in str(recognise(path).notes[0])
    torch.save({"arch": "tf_efficientnet_lite0", "state_dict": state}, path)
    assert recognise(path).notes == ()


def test_values_that_are_no_numbers_name_the_file(tmp_path: Path, network: nn.Module) -> None:
    path = tmp_path / "weights.pth"
    state = dict(network.state_dict())
    state["classifier.1.bias"] = torch.tensor([1.0, float("nan"), 0.0])
    torch.save(state, path)
    with pytest.raises(WeightsError, match=r"“weights.pth” holds values that are no numbers"):
        recognise(path)


def test_another_number_of_names_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", 3).network.state_dict(), path)
    with pytest.raises(ModelFileError, match="3 classes apart, but 2 names"):
        from_state_dict(path, ("a", "b"))


def test_weights_of_no_known_model_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    for state in (
        {"classifier.1.weight": torch.zeros(3, 4), "x": torch.zeros(1)},
        models.resnet34().state_dict(),
    ):
        torch.save(state, path)
        with pytest.raises(ModelFileError, match="no model known"):
            from_state_dict(path, CLASSES)


def test_an_imported_model_joins_the_library_beside_its_namesake(tmp_path: Path) -> None:
    path = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", 3).network.state_dict(), path)
    first, second = (import_weights(recognise(path), CLASSES) for _ in range(2))
    assert first != second
    assert {m.path for m in stored_models() if m.origin == "imported"} == {first, second}


def test_two_classes_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "best_model.pth"
    torch.save(Classifier("mobilenet_v2", 3).network.state_dict(), path)
    # Composed or not, Hangul is the same.
    with pytest.raises(ModelFileError, match="cannot both be called “가지”"):
        from_state_dict(path, ("가지", "b", unicodedata.normalize("NFD", "가지")))


def test_building_draws_nothing(tmp_path: Path, network: nn.Module) -> None:
    """A run under way would draw other numbers next."""
    path = tmp_path / "weights.pth"
    torch.save(network.state_dict(), path)
    before = torch.get_rng_state()
    build(recognise(path), CLASSES)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    "head",
    [
        {"1.weight": torch.ones(3, 1280), "1.bias": torch.ones(4)},
        {"1.weight": torch.ones(3, 1280), "1.bias": torch.ones(1)},
        {"1.weight": torch.ones(3, 1280), "1.bias": torch.tensor(1.0)},
        {"1.weight": torch.ones(0, 1280), "1.bias": torch.ones(0)},
        {"1.weight": torch.tensor(1.0), "1.bias": torch.ones(3)},
        {
            "0.weight": torch.ones(8, 1280),
            "0.bias": torch.ones(7),
            "1.running_mean": torch.ones(8),
            "1.running_var": torch.ones(8),
            "3.weight": torch.ones(3, 8),
            "3.bias": torch.ones(3),
        },
        {
            "0.running_mean": torch.ones(1280),
            "0.running_var": torch.ones(1280),
            "0.bias": torch.ones(3),
            "1.weight": torch.ones(3, 1280),
        },
        {
            "0.running_mean": torch.tensor(1.0),
            "0.running_var": torch.tensor(1.0),
            "1.weight": torch.ones(3, 1280),
        },
        {
            "own.weight": torch.tensor(1.0),
            "own.bias": torch.ones(3),
            "imagenet.weight": torch.ones(1000, 1280),
            "imagenet.bias": torch.ones(1000),
            "membership": torch.ones(1000, 4),
        },
        {
            "own.weight": torch.ones(3, 1280),
            "own.bias": torch.ones(3),
            "imagenet.weight": torch.ones(1000, 1280),
            "imagenet.bias": torch.ones(1000),
            "membership": torch.ones(1000, 3),
        },
        {f"{'9' * 5000}.weight": torch.ones(3)},
    ],
)
def test_heads_whose_parts_do_not_fit_are_refused(
    tmp_path: Path, network: nn.Module, head: State
) -> None:
    state = network.state_dict()
    trunk = {name: state[name] for name in state if name.startswith("features")}
    path = tmp_path / "weights.pth"
    torch.save(trunk | _named("classifier.", head), path)
    with pytest.raises(ModelFileError, match="head is of a kind that is not known"):
        from_state_dict(path, CLASSES)


@pytest.mark.parametrize(
    ("between", "is_order_assumed"),
    [
        ((nn.Dropout(), nn.BatchNorm1d(8), nn.ReLU()), True),
        ((nn.ReLU(), nn.BatchNorm1d(8), nn.Dropout()), True),
        ((nn.BatchNorm1d(8), nn.ReLU(), nn.BatchNorm1d(8), nn.Dropout()), True),
        ((nn.ReLU(), nn.Dropout(), nn.BatchNorm1d(8)), False),
        ((nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout()), False),
        ((nn.BatchNorm1d(8),), False),
    ],
)
def test_where_the_activation_stands_is_assumed_aloud(
    tmp_path: Path, network: nn.Module, between: tuple[nn.Module, ...], is_order_assumed: bool
) -> None:
    own = copy.deepcopy(network)
    own.classifier = nn.Sequential(nn.Linear(1280, 8), *between, nn.Linear(8, 3))
    path = tmp_path / "weights.pth"
    torch.save(own.state_dict(), path)
    notes = " ".join(map(str, recognise(path, "relu").notes))
    assert ("both sides of a BatchNorm" in notes) == is_order_assumed
    # With nothing between, there is no order.
    assert recognise(path, "none").notes == ()
