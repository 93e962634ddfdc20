from collections.abc import Iterable

import pytest
import torch
from torch import Tensor

from trainer.architectures import ARCHITECTURES
from trainer.model import HEAD, Classifier, freeze, parameters_of, trained_stages
from trainer.recipe import Strategy


@pytest.fixture(params=sorted(ARCHITECTURES))
def classifier(request: pytest.FixtureRequest) -> Classifier:
    torch.manual_seed(0)
    return Classifier(request.param, classes=3)


def test_the_stages_and_the_head_hold_every_parameter_once(classifier: Classifier) -> None:
    held = parameters_of(classifier, range(classifier.stage_count))
    assert len(held) == len({id(p) for p in held})
    assert {id(p) for p in held} == {id(p) for p in classifier.parameters()}


def test_running_stage_by_stage_is_torchvisions_own_forward(classifier: Classifier) -> None:
    classifier.eval()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(classifier(images), classifier.network(images), atol=1e-5)
        between = classifier.trunk(images, stop=3)
        assert torch.allclose(classifier(between, start=3), classifier(images), atol=1e-5)


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
        loss = classifier(torch.randn(4, 3, 64, 64)).square().mean()
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
