from pathlib import Path

import pytest

from trainer.data.labels.text import decoded, read_text
from trainer.errors import DatasetError

TEXT = "사진,이름\n사과 1.jpg,사과\n배 2.jpg,배\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949"]
)
def test_korean_is_read_in_whatever_encoding(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("text", ["a.jpg,Jalapeño\n", "a.jpg,Äpfel\nb.jpg,crème brûlée\n"])
def test_western_letters_are_not_taken_for_korean(text: str) -> None:
    assert decoded(text.encode("cp1252")) == text


def test_bytes_that_mean_nothing_in_any_encoding_are_read_all_the_same() -> None:
    assert decoded(b"a.jpg,appl\x81\n") == "a.jpg,appl\x81\n"


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "labels.xlsx"
    with pytest.raises(DatasetError, match="is not there"):
        read_text(file)
    file.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(DatasetError, match=r"spreadsheet.* as CSV"):
        read_text(file)
    file.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08")
    with pytest.raises(DatasetError, match="is no text"):
        read_text(file)
