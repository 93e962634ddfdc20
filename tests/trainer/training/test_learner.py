import math

import pytest
import torch
from torch import nn
from torch.optim import SGD, AdamW
from torch.optim.lr_scheduler import LambdaLR

from trainer.config.recipe import Recipe
from trainer.models.classifier import Classifier
from trainer.runtime.device import Compute
from trainer.training.batches import batches_of
from trainer.training.learner import Learner
from trainer.training.schedules import schedule_of
from trainer.training.weight_average import WeightAverage

CPU = Compute(torch.device("cpu"), torch.float32)


def learner(**choices: object) -> Learner:
    recipe = Recipe(model="resnet18", weights="none", image_size=32, **choices)
    torch.manual_seed(0)
    classifier = Classifier("resnet18", 3, recipe.head, recipe.head_width, recipe.dropout)
    return Learner(recipe, classifier, None, CPU, steps_per_epoch=10)


def rates_of(made: Learner) -> dict[str, float]:
    rate_of = {
        id(parameter): group["lr"]
        for group in made.optimiser.param_groups
        for parameter in group["params"]
    }
    return {
        name.removeprefix("network.").split(".")[0]: rate_of[id(parameter)]
        for name, parameter in made.classifier.named_parameters()
        if id(parameter) in rate_of
    }


def test_earlier_stages_learn_at_lower_rates() -> None:
    rates = rates_of(learner(strategy="full", learning_rate=0.8, rate_decay=0.5))
    expected = {"conv1": 0.05, "bn1": 0.05, "layer1": 0.1, "layer2": 0.2, "layer3": 0.4}
    assert rates == pytest.approx({**expected, "layer4": 0.8, "fc": 0.8})


def test_the_last_stage_learns_at_the_heads_rate() -> None:
    rates = rates_of(learner(strategy="layer4", learning_rate=0.8, rate_decay=0.1))
    assert rates == {"layer4": 0.8, "fc": 0.8}
    assert rates_of(learner(strategy="head")) == {"fc": 1e-4}


def test_one_cosine_warms_up_and_falls_to_nothing() -> None:
    optimiser = AdamW(nn.Linear(2, 2).parameters(), lr=1.0)
    schedule = schedule_of(Recipe(schedule="cosine", warm_up=0.2, epochs=10), optimiser, 10)
    assert isinstance(schedule, LambdaLR)
    rates = []
    for _ in range(100):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    assert rates[:20] == sorted(rates[:20])
    assert rates[20] == 1.0
    assert rates[20:] == sorted(rates[20:], reverse=True)
    assert rates[60] == pytest.approx(0.5)
    assert optimiser.param_groups[0]["lr"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("parts", [2, 4])
def test_a_batch_in_parts_moves_the_weights_as_the_whole_one(parts: int) -> None:
    def step(count: int) -> tuple[float, int, torch.Tensor]:
        made = learner(strategy="head", dropout=0.0)
        made.optimiser = SGD(made.classifier.head.parameters(), lr=1.0)  # type: ignore[assignment]
        made.begin_epoch(1)
        made.parts = count
        generator = torch.Generator().manual_seed(3)
        features = torch.randn(10, 512, generator=generator)
        labels = torch.arange(10) % 3
        loss, right = made.step(features, labels, made.first_stage)
        return loss.item(), int(right), made.classifier.head[3].weight.detach()

    whole, split = step(1), step(parts)
    assert split[0] == pytest.approx(whole[0], abs=1e-6)
    assert split[1] == whole[1]
    assert torch.allclose(split[2], whole[2], atol=1e-6)


def test_batches_leave_no_photo_alone() -> None:
    sizes = [len(batch) for batch in batches_of(torch.arange(9), 4)]
    assert sizes == [4, 5]
    assert [len(batch) for batch in batches_of(torch.arange(11), 4, smallest=4)] == [4, 7]
    assert [len(batch) for batch in batches_of(torch.arange(1), 4)] == [1]


def test_the_average_follows_the_weights_with_its_decay() -> None:
    classifier = Classifier("resnet18", 2)
    average = WeightAverage(classifier, 0.9)
    bias = classifier.head[3].bias
    mine = average.classifier.head[3].bias
    expected = mine.clone()
    for step in range(1, 200):
        with torch.no_grad():
            bias.fill_(step)
        average.update(classifier)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * step
    assert mine.tolist() == pytest.approx(expected.tolist(), rel=1e-4)
    assert not math.isclose(mine[0].item(), 199)
