from collections.abc import Iterable

import pytest
import torch
from torch import Tensor

from tests.trainer.architectures import ONE_OF_EACH_KIND, OUTSIDE_THE_TABLE
from trainer.config.architectures import ARCHITECTURES
from trainer.config.recipe import Strategy
from trainer.errors import RecipeError
from trainer.models.classifier import HEAD, Classifier, freeze, parameters_of, trained_stages


@pytest.fixture(params=[*sorted(ARCHITECTURES), *OUTSIDE_THE_TABLE])
def classifier(request: pytest.FixtureRequest) -> Classifier:
    torch.manual_seed(0)
    return Classifier(request.param, classes=3)


def test_the_stages_and_the_head_hold_every_parameter_once(classifier: Classifier) -> None:
    held = parameters_of(classifier, range(classifier.stage_count))
    assert len(held) == len({id(p) for p in held})
    assert {id(p) for p in held} == {id(p) for p in classifier.parameters()}


def test_running_stage_by_stage_is_the_networks_own_forward(classifier: Classifier) -> None:
    classifier.eval()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(classifier(images), classifier.network(images), atol=1e-5)
        middle = (classifier.stage_count + 1) // 2
        between = classifier.trunk(images, stop=middle)
        assert torch.allclose(classifier(between, start=middle), classifier(images), atol=1e-5)
        assert classifier.trunk(images).ndim == 4
        assert classifier.pool(classifier.trunk(images)).shape == (
            *(2, classifier.architecture.features),
        )


def test_the_last_of_several_stages_is_what_most_is_learnt_with(classifier: Classifier) -> None:
    if classifier.stage_count > 1:
        counts = [
            sum(p.numel() for p in parameters_of(classifier, [stage], head=False))
            for stage in range(classifier.stage_count)
        ]
        assert all(counts)
        assert counts[-1] >= max(counts) * 0.25


@pytest.mark.parametrize("name", [n for n, a in ARCHITECTURES.items() if a.source == "timm"])
def test_the_table_says_of_a_network_what_timm_says(name: str) -> None:
    from trainer.models.timm_models import timm

    architecture = ARCHITECTURES[name]
    config = timm.get_pretrained_cfg(architecture.weights.removeprefix("timm/"))
    assert config is not None
    assert config.hf_hub_id == architecture.weights
    assert config.input_size == (3, architecture.image_size, architecture.image_size)
    assert config.license is not None
    assert config.license.lower() == architecture.licence.lower()
    if "lite" not in name:  # TensorFlow's own, of which timm's is an approximation.
        assert (config.mean, config.std) == (architecture.mean, architecture.std)


@pytest.mark.parametrize("side", [224, 64, 100])
def test_positions_are_resampled_as_timm_does(side: int) -> None:
    from timm.layers import resample_abs_pos_embed

    torch.manual_seed(0)
    embedding = Classifier("vit_small_patch16_224.dino", 2).network.get_submodule("embedding")
    images = torch.randn(1, 3, side, side)
    cells = -(-side // 16)
    with torch.no_grad():
        positions = resample_abs_pos_embed(
            embedding.pos_embed, new_size=[cells, cells], num_prefix_tokens=1
        )
        patches = embedding.patch_embed(images).flatten(1, 2)
        expected = torch.cat((embedding.cls_token, patches), dim=1) + positions
        assert torch.allclose(embedding(images), expected, atol=1e-5)


def test_another_network_of_timms_knows_how_its_pictures_are_normalised() -> None:
    architecture = Classifier("timm/vit_tiny_patch16_224", 2).architecture
    assert architecture.mean == architecture.std == (0.5, 0.5, 0.5)
    assert architecture.licence == "apache-2.0"


@pytest.mark.parametrize("name", ["timm/resnet26x", "timm/resnet26d.no_such"])
def test_a_network_that_timm_has_not_is_refused_with_names_like_it(name: str) -> None:
    with pytest.raises(RecipeError, match=r"timm/resnet26d"):
        Classifier(name, 2)


def test_a_network_that_cannot_do_without_its_own_pooling_is_refused() -> None:
    with pytest.raises(RecipeError, match="cannot be used here"):
        Classifier("timm/efficientvit_b0", 2)


def test_a_network_of_fixed_size_says_so_before_it_is_trained() -> None:
    classifier = Classifier("timm/volo_d1_224", 2)
    classifier.require_size(224)
    with pytest.raises(RecipeError, match="cannot see pictures of 96 pixels"):
        classifier.require_size(96)
    assert classifier.training
    Classifier("timm/resnet26d", 2).require_size(96)


def test_the_notebooks_head_has_the_notebooks_names() -> None:
    state = Classifier("resnet50", classes=36).network.state_dict()
    assert state["fc.0.weight"].shape == (512, 2048)
    assert state["fc.3.weight"].shape == (36, 512)


@pytest.mark.parametrize(
    ("strategy", "thawed"),
    [("head", [0, 0, 0, 0, 0, 0]), ("layer4", [1] * 6), ("full", [5] * 6)],
)
def test_a_strategy_trains_its_stages(strategy: Strategy, thawed: list[int]) -> None:
    found = [len(trained_stages(strategy, 5, epoch, 6)) for epoch in range(1, 7)]
    assert found == thawed


def test_gradual_unfreezing_thaws_from_the_last_stage_to_the_first() -> None:
    found = [trained_stages("gradual", 5, epoch, 12) for epoch in range(1, 13)]
    assert [len(stages) for stages in found] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert list(found[2]) == [4]


def _values(classifier: Classifier, parts: Iterable[int | str]) -> dict[str, Tensor]:
    return {
        f"{part}.{number}.{name}": value.clone()
        for part in parts
        for number, module in enumerate(classifier.modules_of(part))
        for name, value in module.state_dict().items()
    }


def _same(before: dict[str, Tensor], after: dict[str, Tensor]) -> dict[str, bool]:
    return {name: torch.equal(value, after[name]) for name, value in before.items()}


@pytest.mark.parametrize("classifier", [*ONE_OF_EACH_KIND, *OUTSIDE_THE_TABLE], indirect=True)
@pytest.mark.parametrize("strategy", ["head", "layer4", "full", "gradual"])
def test_what_is_frozen_stays_the_same_to_the_bit_and_the_rest_learns(
    classifier: Classifier, strategy: Strategy
) -> None:
    count = classifier.stage_count
    trained = trained_stages(strategy, count, 2, 3)  # Of gradual, two stages.
    frozen_parts = list(range(trained.start))
    trained_parts: list[int | str] = [*trained, HEAD]
    freeze(classifier, trained, "eval")
    before_frozen = _values(classifier, frozen_parts)
    before_trained = _values(classifier, trained_parts)
    # Of every parameter, as where stages are thawed one by one.
    optimiser = torch.optim.AdamW(parameters_of(classifier, range(count)), lr=1e-2)
    for _ in range(2):
        loss = classifier(torch.randn(4, 3, 32, 32)).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert all(_same(before_frozen, _values(classifier, frozen_parts)).values())
    unchanged = [
        n for n, s in _same(before_trained, _values(classifier, trained_parts)).items() if s
    ]
    assert unchanged == []


def test_frozen_batchnorm_in_training_mode_drifts_as_in_the_notebook() -> None:
    classifier = Classifier("resnet50", classes=3)
    before = _values(classifier, [0])
    freeze(classifier, trained_stages("layer4", 5, 1, 1), "train")
    classifier(torch.randn(4, 3, 64, 64))
    same = _same(before, _values(classifier, [0]))
    assert not same["0.1.running_mean"]
    assert same["0.0.weight"]
