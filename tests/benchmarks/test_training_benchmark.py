import math
from pathlib import Path

import pytest
import torch

from benchmarks import published_loop, training
from trainer import synthetic


def test_published_loop_learns_from_a_folder(tmp_path: Path) -> None:
    for _ in synthetic.write_data_set(tmp_path / "photos", 6, kinds=("Banana", "Lime"), size=32):
        pass
    best_model = tmp_path / "best_model.pth"

    results = list(
        published_loop.train(tmp_path / "photos", best_model, epochs=1, image_size=32, workers=0)
    )

    assert len(results) == 1
    assert math.isfinite(results[0].train_loss)
    assert math.isfinite(results[0].validation_loss)
    assert 0 <= results[0].validation_accuracy <= 1
    assert "fc.3.weight" in torch.load(best_model, weights_only=True)


def test_published_loop_changes_what_the_notebook_trains() -> None:
    torch.manual_seed(0)
    model = published_loop.build_model(classes=3).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}

    loss = published_loop.train_batch(
        model,
        published_loop.build_optimizer(model),
        torch.randn(4, 3, 32, 32),
        torch.tensor([0, 1, 2, 0]),
    )

    changed = {
        name for name, value in model.state_dict().items() if not torch.equal(value, before[name])
    }
    parameters = {name for name, _ in model.named_parameters()}
    assert math.isfinite(loss)
    assert changed & parameters == {n for n in parameters if n.startswith(("layer4.", "fc."))}
    # Its slip: the statistics of frozen layers drift all the same.
    assert "bn1.running_mean" in changed


def test_a_ratio_is_the_published_loops_time_by_ours() -> None:
    machine = training.Machine(
        cpu="a CPU",
        cores=2,
        torch="2",
        device="CPU",
        precision="float32",
        convolution_gflops={"float32": 100.0, "bfloat16": 80.0},
        matrix_product_gflops={"float32": 50.0, "bfloat16": 60.0},
        layer4_training_gflop=4.0,
        layer4_validation_gflop=1.0,
    )

    def result(arm: str, epoch_seconds: list[float]) -> training.Result:
        return training.Result(arm, "small", 80, 20, epoch_seconds, 2**20, 0)

    figures = training.summary(
        machine, [result("published", [30, 20, 22, 24]), result("layer4", [10, 5, 5.5, 6])]
    )
    assert figures["layer4_epoch_ratio"] == 4.0
    assert figures["layer4_first_epoch_ratio"] == 3.0
    # 80 × 4 + 20 × 1 GFLOP at the best of the rates.
    assert figures["layer4_floor_share"] == pytest.approx(3.4 / 5.5)
