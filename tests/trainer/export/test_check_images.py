from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer.errors import ImageError
from trainer.export.check import PHOTOS
from trainer.export.check_images import check_images, require_readable


@pytest.mark.parametrize("count", [0, 5, 20, PHOTOS])
def test_pictures_that_are_made_are_all_different(count: int) -> None:
    images = list(check_images([], count, at_least=64))
    assert len(images) == count
    assert {each.image.mode for each in images} <= {"RGB"}
    assert not any(each.is_yours for each in images)
    assert len({(each.image.size, each.image.tobytes()) for each in images}) == count


def test_of_many_photos_some_from_all_over_are_taken(tmp_path: Path) -> None:
    for number in range(250):
        Image.new("RGB", (2, 2), (number, 0, 0)).save(tmp_path / f"{number:03}.png")
    photos = sorted(tmp_path.iterdir())
    reds = [np.asarray(image)[0, 0, 0] for image, _ in check_images(photos, 50, at_least=1)]
    assert [int(red) for red in reds] == list(range(0, 250, 5))
    few = list(check_images(photos[:3], 10, at_least=1))
    assert [each.is_yours for each in few] == [True] * 3 + [False] * 7
    assert [each.image.size == (2, 2) for each in few] == [True] * 3 + [False] * 7


def test_photos_that_cannot_be_read_make_room_for_others(tmp_path: Path) -> None:
    for number in range(60):
        Image.new("RGB", (2, 2), (number, 0, 0)).save(tmp_path / f"{number:03}.png")
    photos = sorted(tmp_path.iterdir())
    for photo in photos[::3]:
        photo.write_text("no picture")
    found = list(check_images(photos, 20, at_least=1))
    assert [each.is_yours for each in found] == [True] * 20
    reds = {int(np.asarray(each.image)[0, 0, 0]) for each in found}
    assert len(reds) == 20
    assert min(reds) < 20 < 40 < max(reds)
    require_readable(photos)
    with pytest.raises(ImageError, match="None of the 20 photos could be read"):
        require_readable(photos[::3])
