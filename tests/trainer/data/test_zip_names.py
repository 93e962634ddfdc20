import pytest

from trainer.data.zip_names import encoding_of


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", ["사과/1.jpg", "Möhren/1.jpg"]),
        ("cp949", ["사과/1.jpg", "바나나/2.jpg"]),
        ("cp949", ["똠양꿍/1.jpg"]),  # A syllable that KS X 1001 lacks, beside two that it has.
        ("cp949", ["林檎/사과.jpg"]),
        ("cp850", ["Möhren/1.jpg"]),
        ("cp850", ["Äpfel/1.jpg", "Grüße/2.jpg", "crème brûlée/3.jpg"]),
        ("cp850", ["piña/1.jpg", "jalapeño/1.jpg"]),
        ("cp850", ["maçã/1.jpg"]),
        ("cp850", ["öl/1.jpg"]),
        ("cp437", ["Möhren/1.jpg", "piña/2.jpg"]),
        ("cp1252", ["Möhren/1.jpg"]),
        ("cp1252", ["café/1.jpg"]),
        ("cp932", ["りんご/1.jpg", "バナナ/1.jpg"]),
        ("cp932", ["バナナ/1.jpg"]),
        ("cp932", ["林檎/写真.jpg"]),
        ("cp932", ["野菜/表.jpg"]),  # Its second byte is a backslash.
    ],
)
def test_names_are_read_in_the_encoding_that_they_were_written_in(
    encoding: str, names: list[str]
) -> None:
    raw = [name.encode(encoding) for name in names]
    assert [name.decode(encoding_of(raw)) for name in raw] == names


def test_names_in_ascii_need_no_guess() -> None:
    assert b"apple/1.jpg".decode(encoding_of([b"apple/1.jpg"])) == "apple/1.jpg"
    assert encoding_of([b"\xff\xfe\x81"]) == "cp437"  # Which reads whatever there is.
