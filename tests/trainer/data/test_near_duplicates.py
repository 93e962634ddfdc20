import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from trainer import synthetic
from trainer.control import drain
from trainer.data.near_duplicates import (
    LARGEST_DISTANCE,
    THUMBNAIL_SIDE,
    directions,
    near_duplicates,
)


def thumbnails(images: list[Image.Image]) -> np.ndarray:
    side = (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    return np.stack([np.asarray(each.resize(side, Image.Resampling.BOX)) for each in images])


def groups_of(images: list[Image.Image]) -> list[int]:
    return drain(near_duplicates(directions(thumbnails(images)))).tolist()


def recompressed(image: Image.Image) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=40)
    return Image.open(file).convert("RGB")


@pytest.mark.parametrize(
    "changed",
    [
        Image.Image.copy,
        recompressed,
        lambda image: image.resize((image.width // 3, image.height // 3)),
        lambda image: ImageEnhance.Brightness(image).enhance(1.2),
        lambda image: ImageEnhance.Contrast(image).enhance(0.7),
    ],
    ids=["copied", "recompressed", "shrunk", "brightened", "flattened"],
)
def test_what_was_changed_a_little_is_nearly_the_same(
    changed: Callable[[Image.Image], Image.Image],
) -> None:
    images = [Image.fromarray(synthetic.render("Apple", seed, 120)) for seed in range(3)]
    assert groups_of([*images, changed(images[1])]) == [0, 1, 2, 1]


def test_other_pieces_on_other_grounds_are_not_the_same() -> None:
    kinds = ("Apple", "Tomato", "Lime", "Banana")
    images = [Image.fromarray(synthetic.render(kind, n, 96)) for kind in kinds for n in range(6)]
    assert len(set(groups_of(images))) == len(images)


def test_what_has_no_colour_is_compared_too() -> None:
    greys = [Image.new("RGB", (20, 20), (level,) * 3) for level in (0, 90, 90)]
    assert groups_of([*greys, Image.new("RGB", (20, 20), "red")]) == [0, 0, 0, 3]


@pytest.mark.parametrize("count", [60, 1100])
def test_a_film_is_one_group_though_its_ends_differ(count: int) -> None:
    """Directions on half a circle, in no order, and one that is across them."""
    angles = np.random.default_rng(0).permutation(np.linspace(0, np.pi, count))
    film = np.stack([np.cos(angles), np.sin(angles), np.zeros(count)], axis=1)
    compared = np.concatenate([film, [[0, 0, 1]]]).astype(np.float32)
    steps: list[tuple[int, int]] = []
    groups = drain(near_duplicates(compared), steps.append)
    assert set(groups[:-1]) == {0}
    assert groups[-1] == count
    assert steps[0] == (0, count + 1)
    assert steps[-1] == (count + 1, count + 1)


def test_what_is_just_too_far_is_another_group() -> None:
    for distance, expected in ((0.9 * LARGEST_DISTANCE, 0), (1.1 * LARGEST_DISTANCE, 1)):
        angle = np.arccos(1 - distance)
        compared = np.array([[1, 0], [np.cos(angle), np.sin(angle)]], np.float32)
        assert drain(near_duplicates(compared)).tolist() == [0, expected]


def ellipses(colours: list[tuple[int, int, int]], each: int) -> list[Image.Image]:
    """Pieces of several shades and shapes, all in about the same place on white."""
    draw = np.random.default_rng(0)
    images = []
    for colour in colours * each:
        image = Image.new("RGB", (96, 96), "white")
        left, top = draw.uniform(4, 22, 2)
        shade = tuple(int(value) for value in np.clip(colour + draw.normal(0, 12, 3), 0, 255))
        ImageDraw.Draw(image).ellipse((left, top, 96 - left, 96 - top), fill=shade)
        images.append(image)
    return images


def mixed(groups: np.ndarray, labels: np.ndarray) -> list[int]:
    """The groups of several classes."""
    return [group for group in set(groups.tolist()) if len(set(labels[groups == group])) > 1]


def test_pieces_before_white_are_not_chained_from_class_to_class() -> None:
    colours = [(200, 30, 30), (240, 140, 20), (230, 210, 40)]
    images = ellipses(colours, 40)
    labels = np.arange(len(images)) % 3
    assert mixed(np.array(groups_of(images)), labels)
    # The same picture in another class is found all the same.
    copies = [recompressed(images[0]), images[1].resize((50, 50))]
    labels = np.append(labels, [2, 0])
    compared = directions(thumbnails([*images, *copies]))
    groups = drain(near_duplicates(compared, labels=labels))
    assert groups[0] == groups[-2]
    assert groups[1] == groups[-1]
    assert not mixed(drain(near_duplicates(compared[:-2], labels=labels[:-2])), labels[:-2])


def test_nothing_has_no_groups() -> None:
    compared = directions(np.zeros((0, 16, 16, 3), np.uint8))
    assert drain(near_duplicates(compared)).tolist() == []
