import errno
from pathlib import Path

from safetensors import SafetensorError

from trainer.storage.tensor_file import disk_error


def refusal(code: int) -> SafetensorError:
    return SafetensorError(f"Error while serializing: IoError(… (os error {code}))")


def test_what_the_disk_refuses_is_the_systems_error() -> None:
    error = disk_error(refusal(errno.ENOSPC), Path("a.safetensors"), None)
    assert (error.errno, error.filename) == (errno.ENOSPC, "a.safetensors")
    assert disk_error(SafetensorError("?"), Path("a")).errno == errno.EIO


def test_on_windows_codes_are_its_own() -> None:
    texts = {32: "used by another process", 112: "not enough space"}
    for code, text in texts.items():
        error = disk_error(refusal(code), Path("a.safetensors"), texts.__getitem__)
        assert not isinstance(error, BrokenPipeError)
        assert (error.strerror, error.filename) == (text, "a.safetensors")
