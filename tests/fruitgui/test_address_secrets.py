import pytest

from fruitgui.address_secrets import without_secrets


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://me:hun/ter2@cam is off",
        "rtsp://me:hun'ter2@cam",
        "rtsp://me:hun ter2@cam",
        "http://cam/?loginuse=hunter2&loginpas=hunter2",
        "http://cam/?access_token=hunter2",
        "http://cam/?username=hunter2",
        "rtsp://cam/user=hunter2_password=hunter2",
        "http://cam/?usr=hunter2&pwd=hunter2&x=1",
    ],
)
def test_no_secret_is_left_in_a_text(text: str) -> None:
    left = without_secrets(text)
    assert "hun" not in left
    assert "ter2" not in left
    assert "cam" in left
