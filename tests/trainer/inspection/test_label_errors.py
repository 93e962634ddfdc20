import numpy as np
import pytest

from trainer.inspection.label_errors import (
    out_of_fold_probabilities,
    suspects,
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


def test_labels_that_were_swapped_are_found_first() -> None:
    features, labels = clusters(50)
    draw = np.random.default_rng(1)
    swapped = draw.choice(len(labels), 15, replace=False)
    noisy = labels.copy()
    noisy[swapped] = (labels[swapped] + draw.integers(1, CLASSES, 15)) % CLASSES
    found = suspects(out_of_fold_probabilities(features, noisy, CLASSES), noisy)
    first = found[: len(labels) // 10]
    assert len({each.index for each in first} & set(swapped.tolist())) >= 12
    right = [each for each in found if each.index in swapped]
    assert all(each.suggested == labels[each.index] for each in right)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(0 < each.score <= 1 for each in found)


def test_a_photo_is_judged_by_others_alone() -> None:
    """Two photos of each class that are like no other: a head that has learnt them knows them."""
    features, labels = clusters(10)
    features[:2] = np.eye(32)[:2]
    probabilities = out_of_fold_probabilities(features, labels, CLASSES)
    assert probabilities.shape == (60, CLASSES)
    assert probabilities.dtype == np.float32
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    alone = features.copy()
    alone[0] = -alone[0]
    assert np.allclose(
        out_of_fold_probabilities(alone, labels, CLASSES)[1:12],
        probabilities[1:12],
        atol=0.3,
    )


def test_clean_labels_are_hardly_suspected() -> None:
    features, labels = clusters(40, noise=0.2)
    assert suspects(out_of_fold_probabilities(features, labels, CLASSES), labels) == []


def test_a_class_of_one_photo_suggests_nothing() -> None:
    features, labels = clusters(20, noise=0.2)
    labels = np.append(labels, CLASSES)
    features = np.concatenate([features, -features[:1]])
    probabilities = out_of_fold_probabilities(features, labels, CLASSES + 1)
    assert not np.isnan(probabilities).any()
    assert all(each.suggested != CLASSES for each in suspects(probabilities, labels))


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
    found = suspects(out_of_fold_probabilities(features, labels, CLASSES, groups), labels)
    copied = set(range(len(labels) - 12, len(labels)))
    assert copied <= {each.index for each in found}
    assert {each.suggested for each in found if each.index in copied} == {0}
    alone = suspects(out_of_fold_probabilities(features, labels, CLASSES), labels)
    assert not copied & {each.index for each in alone}
