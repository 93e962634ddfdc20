import time
import unicodedata

import pytest

from trainer.data.split_names import split_named


@pytest.mark.parametrize(
    ("split", "names"),
    [
        (
            "train",
            "train Training TRAIN training_set Training-Set trainset seg_train train_images "
            "images.train 1.Training train2017 학습 학습용 훈련 훈련데이터셋",
        ),
        (
            "validation",
            "validation Val valid VALID val_images valset dev dev-set eval "
            "2.Validation 검증 검증용",
        ),
        ("test", "test Testing test_set testset seg_test Test1 hold-out 테스트 시험 평가용"),
        (None, "apple images 데이터 trainer contest latest devil valet 시험지 seg_pred 2024 _ s"),
    ],
)
def test_a_split_is_known_however_it_is_written(split: str | None, names: str) -> None:
    for name in (*names.split(), *(name.replace("_", " ") for name in names.split())):
        assert split_named(name) == split, name
        # As macOS stores it.
        assert split_named(unicodedata.normalize("NFD", name)) == split, name


@pytest.mark.parametrize("name", ["data" * 60 + "x", "7" * 255, "s" * 255, "set" * 80 + "train "])
def test_a_long_name_takes_no_time(name: str) -> None:
    began = time.process_time()
    split_named(name)
    assert time.process_time() - began < 1
