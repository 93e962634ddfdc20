"""Rendered pictures: the same again, different by seed, and told apart by kind."""

import numpy as np
import pytest

from trainer.synthetic import KINDS, render


@pytest.mark.parametrize("size", [64, 256])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_renders_a_picture(kind: str, size: int) -> None:
    image = render(kind, 3, size)
    assert image.shape == (size, size, 3)
    assert image.dtype == np.uint8
    assert image.std() > 12
    assert 25 < image.mean() < 225


def test_at_least_the_twelve_kinds_are_there() -> None:
    named = "Apple Aubergine Banana Carrots Cucumber Kiwi Lemon Lime Orange Pear Plum Tomato"
    assert set(named.split()) <= set(KINDS)


def test_the_same_arguments_give_the_same_picture() -> None:
    for kind in KINDS:
        np.testing.assert_array_equal(render(kind, 11, 96), render(kind, 11, 96))


def test_a_picture_does_not_depend_on_those_before_it() -> None:
    first = render("Tomato", 5, 96)
    for seed in range(4):
        render("Kiwi", seed, 96)
    np.testing.assert_array_equal(render("Tomato", 5, 96), first)


def test_seeds_and_kinds_give_different_pictures() -> None:
    images = [render("Lemon", seed, 64) for seed in range(6)] + [render("Lime", 0, 64)]
    for number, one in enumerate(images):
        for other in images[:number]:
            assert np.abs(one.astype(int) - other.astype(int)).mean() > 4


@pytest.mark.parametrize("seed", [0, 2**31, 2**40 + 1])
def test_seeds_may_be_large(seed: int) -> None:
    assert render("Plum", seed, 48).shape == (48, 48, 3)


def test_unknown_kinds_and_tiny_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="no kind “Stone”"):
        render("Stone", 0)
    with pytest.raises(ValueError, match="too small"):
        render("Apple", 0, 8)


def _histogram(image: np.ndarray) -> np.ndarray:
    """Shares of 6×6×6 colours in the middle of a picture."""
    edge = image.shape[0] // 6
    middle = image[edge:-edge, edge:-edge].reshape(-1, 3) // 43
    codes = middle @ np.array([36, 6, 1])
    shares = np.sqrt(np.bincount(codes, minlength=216) / len(codes))
    return np.asarray(shares)


def test_colours_alone_tell_kinds_apart_far_above_chance() -> None:
    learnt = range(100, 112)
    held_out = range(200, 206)
    means = np.stack([np.mean([_histogram(render(k, s, 64)) for s in learnt], 0) for k in KINDS])
    right = 0
    for number, kind in enumerate(KINDS):
        for seed in held_out:
            away = ((means - _histogram(render(kind, seed, 64))) ** 2).sum(1)
            right += int(away.argmin() == number)
    # Chance is one in twelve, 0.08.
    assert right / (len(KINDS) * len(held_out)) > 0.4
