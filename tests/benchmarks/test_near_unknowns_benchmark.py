import numpy as np

from benchmarks.near_unknowns import scores, without
from benchmarks.rejection import Seen
from trainer.data.dataset import DataSet


def test_kinds_are_left_out_of_every_split(demo_data: DataSet) -> None:
    left = without(demo_data, ["Lime"])
    assert left.classes == ("Banana", "Tomato")
    for split, photos in left.splits.items():
        kinds = {left.classes[photo.label] for photo in photos}
        folders = {photo.path.parent.name for photo in photos}
        assert kinds == folders == {"Banana", "Tomato"}, split


def test_scores_tell_strangers_from_right_answers() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(60) % 3
    features = np.abs(random.standard_normal((60, 20))) + 4 * np.eye(3, 20)[labels]
    known = Seen(2 * features[:, :3] - 4, features.astype(np.float32), labels)
    far = np.abs(random.standard_normal((40, 20)))
    strange = Seen(2 * far[:, :3] - 8, far.astype(np.float32), np.full(40, -1))
    table = scores(known, known, temperature=1.0, classes=3)
    odds = "log-odds against all others and the background"
    assert f"{odds} + cosine to class mean" in table
    for name in (odds, "maximum softmax", "maximum logit", "energy"):
        assert np.median(table[name](known)) > np.median(table[name](strange)), name
