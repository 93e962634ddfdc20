from base64 import b64encode
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage

from fruitgui.mime_data import Dropped, may_hold_images, take_apart


def text(content: str) -> QMimeData:
    data = QMimeData()
    data.setText(content)
    return data


def urls(*addresses: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(address) for address in addresses])
    return data


def test_files_of_a_file_manager(tmp_path: Path) -> None:
    photo = tmp_path / "사과 'red' 🍎.jpg"
    data = urls(photo.as_uri(), "https://example.org/a.jpg")
    assert may_hold_images(data)
    assert take_apart(data) == Dropped((photo,))


def test_paths_in_text_with_and_without_quotes(tmp_path: Path) -> None:
    first, second = tmp_path / "a b.jpg", tmp_path / "바나나.png"
    data = text(f"'{first}'\n\n{second.as_uri()}\n")
    assert may_hold_images(data)
    assert take_apart(data).files == (first, second)


def test_paths_among_other_text_are_left_alone() -> None:
    assert take_apart(text("/tmp/a.jpg\nand more")) == Dropped()


def test_a_path_in_the_users_home() -> None:
    assert take_apart(text("~/a.jpg")).files == (Path.home() / "a.jpg",)


@pytest.mark.parametrize(
    "content",
    [
        "an apple",
        "",
        "a.jpg",
        "C",
        "mailto:someone",
        "~approx 5 apples",
        "~",
        "/",
        "//",
        "file:",
        "file://",
        "// a comment",
        "/* a comment */",
    ],
)
def test_other_text_is_left_alone(content: str) -> None:
    assert not may_hold_images(text(content))
    assert take_apart(text(content)) == Dropped()


@pytest.mark.parametrize("make", [urls, text])
def test_a_picture_in_its_own_address(make: object) -> None:
    content = b64encode(b"\x89PNG picture+/=").decode()
    assert callable(make)
    address = f"data:image/png;base64,{content}"
    assert may_hold_images(make(address))
    assert take_apart(make(address)).images == (address,)


@pytest.mark.parametrize("address", ["data:text/html,hello", "data:image/png;base64", "data:"])
def test_an_address_that_holds_no_picture(address: str) -> None:
    assert take_apart(urls(address)) == Dropped()


def test_the_picture_itself_goes_before_its_address_on_the_web() -> None:
    data = urls("https://example.org/a.jpg")
    assert take_apart(data) == Dropped(is_on_the_web=True)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    data.setImageData(image)
    (found,) = take_apart(data).images
    assert isinstance(found, QImage)
    assert found.size() == image.size()


PIXEL = "data:image/png;base64," + b64encode(b"not looked at here").decode()


def test_a_picture_out_of_a_search_page_is_a_link_beside_a_piece_of_the_page() -> None:
    data = urls("https://example.org/imgres?imgurl=apple")
    data.setHtml(f'<meta charset="utf-8"><a href="https://example.org"><img src="{PIXEL}"></a>')
    assert may_hold_images(data)
    assert take_apart(data) == Dropped(images=(PIXEL,))


def test_a_piece_of_a_page_alone_will_do() -> None:
    data = QMimeData()
    data.setHtml(f"<p>Apples</p><IMG alt='x' src='{PIXEL}'>")
    assert may_hold_images(data)
    assert take_apart(data) == Dropped(images=(PIXEL,))


def test_a_pages_picture_that_lies_on_the_web_is_told_from_none() -> None:
    data = QMimeData()
    data.setHtml('<img src="https://example.org/apple.jpg">')
    assert take_apart(data) == Dropped(is_on_the_web=True)
    data.setHtml("<b>apple</b>")
    assert take_apart(data) == Dropped()
