import pickle
from pathlib import Path

from trainer.errors import DatasetError, ImageError, StorageError, TrainerError, error_from_json


def test_an_error_keeps_its_sentence_between_processes() -> None:
    error = ImageError("The file cannot be read ({detail}).", detail="깨짐")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, ImageError)
    assert (str(again), again.template, again.details) == (
        str(error),
        error.template,
        error.details,
    )


def test_a_full_disk_is_said_with_the_file() -> None:
    error = StorageError.of(OSError(28, "No space left on device", "/somewhere/model"))
    assert "/somewhere/model" in str(error)
    assert "No space left" in str(error)


def test_an_error_that_is_kept_can_be_said_in_any_language() -> None:
    cause = ImageError("“{path}” is no picture.", path=Path("사과.jpg"))
    error = DatasetError("{count} of {name}: {cause}", count=3, name="{과일}", cause=cause)
    again = error_from_json(error.to_json())
    assert str(again) == str(error) == "3 of {과일}: “사과.jpg” is no picture."
    assert again.template == error.template
    assert isinstance(again.details["cause"], TrainerError)
    assert again.details["cause"].template == cause.template


def test_a_sentence_that_older_versions_kept_is_itself() -> None:
    for sentence in ("No memory {", "{}", '{"template": "{x}", "details": {}}', "7", "[]", ""):
        assert str(error_from_json(sentence)) == sentence
