import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from trainer.control import drain
from trainer.inspection.label_errors import (
    Suspect,
    _discriminant,
    out_of_fold_probabilities,
    suspects,
    unjudged,
    unlike_their_class,
)

CLASSES = 6


def clusters(count: int, noise: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    """Features of so many photos of each class, of unit length, and their labels."""
    draw = np.random.default_rng(0)
    means = draw.normal(0, 1, (CLASSES, 32))
    labels = np.repeat(np.arange(CLASSES), count)
    features = means[labels] + draw.normal(0, noise, (len(labels), 32))
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / lengths).astype(np.float32), labels


def judged(
    features: np.ndarray, labels: np.ndarray, groups: np.ndarray | None = None
) -> np.ndarray:
    """Probabilities of each photo, by a head that has not learnt from its group."""
    classes = int(labels.max()) + 1
    return drain(out_of_fold_probabilities(features, labels, classes, groups))


def found_in(
    features: np.ndarray, labels: np.ndarray, groups: np.ndarray | None = None
) -> list[Suspect]:
    return suspects(judged(features, labels, groups), labels)


def test_labels_that_were_swapped_are_found_first() -> None:
    features, labels = clusters(50)
    draw = np.random.default_rng(1)
    swapped = draw.choice(len(labels), 15, replace=False)
    noisy = labels.copy()
    noisy[swapped] = (labels[swapped] + draw.integers(1, CLASSES, 15)) % CLASSES
    found = found_in(features, noisy)
    first = found[: len(labels) // 10]
    assert len({each.index for each in first} & set(swapped.tolist())) >= 12
    right = [each for each in found if each.index in swapped]
    assert all(each.suggested == labels[each.index] for each in right)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(0 < each.score <= 1 for each in found)


def test_a_photo_is_judged_by_others_alone() -> None:
    """Of photos that have nothing in common, a head that has learnt them knows each, and one that
    has learnt the others knows none."""
    features = np.random.default_rng(0).normal(0, 1, (60, 256)).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    labels = np.arange(60) % CLASSES
    probabilities = judged(features, labels)
    assert probabilities.shape == (60, CLASSES)
    assert probabilities.dtype == np.float32
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    own = probabilities[np.arange(60), labels]
    assert own.mean() < 0.3
    # What has an equal photo in another fold is known by that; what has it in its own fold, is not.
    twice = np.concatenate([features, features[:2]])
    labels = np.append(labels, labels[:2])
    own = judged(twice, labels)[[0, 1], labels[:2]]
    assert own.min() > 0.8
    tied = np.append(np.arange(60), [0, 1])
    own = judged(twice, labels, tied)[[0, 1], labels[:2]]
    assert own.max() < 0.3


@pytest.mark.parametrize("count", [4, 50], ids=["fewer photos than features", "more"])
def test_the_discriminant_is_that_of_scikit_learn(count: int) -> None:
    features, labels = clusters(count)
    is_fitted = np.arange(len(labels)) % 5 > 0
    weights, _ = _discriminant(features, labels, is_fitted, CLASSES)
    theirs = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.3)
    theirs.fit(features[is_fitted].astype(np.float64), labels[is_fitted])
    np.testing.assert_allclose(weights.T, theirs.coef_, rtol=1e-4, atol=1e-4)


def test_clean_labels_are_hardly_suspected() -> None:
    features, labels = clusters(40, noise=0.2)
    assert found_in(features, labels) == []


def test_how_far_it_is_is_told_fold_by_fold() -> None:
    steps: list[tuple[int, int]] = []
    drain(out_of_fold_probabilities(*clusters(5), CLASSES), steps.append)
    assert steps == [(done, 10) for done in range(11)]


@pytest.mark.parametrize("photos", [1, 30])
def test_a_class_of_one_photo_or_one_group_is_not_judged(photos: int) -> None:
    """Without its fold nothing is left to know it by, so it neither is suspected nor suggested."""
    features, labels = clusters(30, noise=0.2)
    first = len(labels) - 30
    features, labels = features[: first + photos], labels[: first + photos]
    groups = np.minimum(np.arange(len(labels)), first)
    probabilities = judged(features, labels, groups)
    is_judged = ~np.isnan(probabilities).any(axis=1)
    assert is_judged.tolist() == [True] * first + [False] * photos
    assert suspects(probabilities, labels) == []
    assert unjudged(probabilities, labels) == [CLASSES - 1]
    # Nor does it hide what is wrong elsewhere, also where that looks like it.
    wrong = features.copy()
    wrong[0], wrong[1] = features[35], features[-1]
    assert {(each.index, each.suggested) for each in found_in(wrong, labels, groups)} == {(0, 1)}


def test_classes_of_one_group_each_say_nothing() -> None:
    features, labels = clusters(25, noise=0.2)
    probabilities = judged(features, labels, labels)
    assert np.isnan(probabilities).all()
    assert suspects(probabilities, labels) == []
    assert unjudged(probabilities, labels) == list(range(CLASSES))


def test_of_two_classes_one_alone_is_not_judged() -> None:
    """There is nothing else that its photos could be."""
    features, labels = clusters(20, noise=0.2)
    features, labels = features[labels < 2], labels[labels < 2]
    groups = np.minimum(np.arange(len(labels)), 20)
    assert found_in(features, labels, groups) == []
    assert unjudged(judged(features, labels, groups), labels) == [0, 1]


def test_two_groups_of_a_class_are_never_in_one_fold() -> None:
    """As of two recordings of each class: each is judged by the other."""
    draw = np.random.default_rng(0)
    means = draw.normal(0, 1, (20, 32))
    labels = np.repeat(np.arange(20), 20)
    features = means[labels] + draw.normal(0, 0.2, (400, 32))
    features = (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)
    probabilities = judged(features, labels, np.arange(400) // 10)
    assert not np.isnan(probabilities).any()
    assert suspects(probabilities, labels) == []


def test_groups_of_several_classes_leave_each_class_to_be_judged() -> None:
    """As copies of a photo in two classes: the folds of one class decide on those of another."""
    features, labels = clusters(2, noise=0.2)
    # The first photo of each class is the double of one of the class before.
    groups = np.array([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6])
    assert unjudged(judged(features, labels, groups), labels) == []


@pytest.mark.parametrize("strange", [3, 70])
def test_what_is_unlike_its_class_is_found(strange: int) -> None:
    features, labels = clusters(30, noise=0.2)
    features[strange] = np.eye(32)[0] - features[strange]
    features[strange] /= np.linalg.norm(features[strange])
    assert unlike_their_class(features, labels) == [strange]


def test_of_few_photos_none_is_unlike_the_others() -> None:
    features, labels = clusters(4, noise=0.2)
    features[0] = -features[0]
    assert unlike_their_class(features, labels) == []


def test_copies_of_a_photo_do_not_vouch_for_one_another() -> None:
    """As the frames of a recording under a wrong label would."""
    features, labels = clusters(30, noise=0.2)
    copies = np.repeat(features[:1], 12, axis=0)
    features = np.concatenate([features, copies])
    labels = np.append(labels, np.full(12, 3))
    groups = np.append(np.arange(len(labels) - 12), np.full(12, len(labels) - 12))
    found = found_in(features, labels, groups)
    copied = set(range(len(labels) - 12, len(labels)))
    assert copied <= {each.index for each in found}
    assert {each.suggested for each in found if each.index in copied} == {0}
    alone = found_in(features, labels)
    assert not copied & {each.index for each in alone}
