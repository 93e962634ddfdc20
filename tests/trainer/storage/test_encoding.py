from trainer.storage.encoding import encoded


def test_names_that_are_no_text_have_bytes_of_their_own() -> None:
    assert encoded("사과.jpg") == "사과.jpg".encode()
    assert encoded("\udcff.jpg") == b"\xff.jpg"
    names = ["photo \ud83c.jpg", "photo \ud83d.jpg", "photo \ud83c\udcff.jpg", "photo ?.jpg"]
    assert len(set(map(encoded, names))) == len(names)
