import math
from pathlib import Path

import torch

from benchmarks import published_loop
from trainer import demo


def test_published_loop_learns_from_a_folder(tmp_path: Path) -> None:
    for _ in demo.write_data_set(tmp_path / "photos", 6, kinds=("Banana", "Lime"), size=32):
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
