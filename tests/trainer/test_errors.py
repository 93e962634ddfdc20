import pickle

from trainer.errors import PictureError, StorageError


def test_an_error_keeps_its_sentence_between_processes() -> None:
    error = PictureError("The file cannot be read ({detail}).", detail="깨짐")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, PictureError)
    assert (str(again), again.template, again.details) == (
        str(error),
        error.template,
        error.details,
    )


def test_a_full_disk_is_said_with_the_file() -> None:
    error = StorageError.of(OSError(28, "No space left on device", "/somewhere/model"))
    assert "/somewhere/model" in str(error)
    assert "No space left" in str(error)
