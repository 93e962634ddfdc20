import base64
import io
from pathlib import Path

from PIL import Image

from trainer.report.thumbnails import MISTAKE_SIDE, sample, whole


def test_what_thumbnails_are_of(tmp_path: Path) -> None:
    lying = Image.new("RGB", (400, 200), "white")
    exif = Image.Exif()
    exif[274] = 6
    lying.save(tmp_path / "turned.jpg", exif=exif)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no")
    shown = whole(tmp_path / "turned.jpg")
    assert shown is not None
    assert _size(shown) == (MISTAKE_SIDE // 2, MISTAKE_SIDE)
    square = sample(tmp_path / "turned.jpg")
    assert square is not None
    assert len(set(_size(square))) == 1
    assert whole(tmp_path / "broken.jpg") is None
    assert sample(tmp_path / "gone.jpg") is None


def _size(uri: str) -> tuple[int, int]:
    data = base64.b64decode(uri.removeprefix("data:image/jpeg;base64,"))
    return Image.open(io.BytesIO(data)).size
