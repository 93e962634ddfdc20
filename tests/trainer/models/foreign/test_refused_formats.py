import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from trainer.models.foreign.refused_formats import foreign_format


def _zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in names:
            file.writestr(name, b"x")
    return content.getvalue()


def _saved(write: Callable[[io.BytesIO], None]) -> bytes:
    content = io.BytesIO()
    write(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.gguf", b"GGUF\3\0\0\0", "GGUF"),
        ("weights.h5", b"\x89HDF\r\n\x1a\n", "Keras"),
        ("model.pth", _zipped("metadata.json", "model.weights.h5"), "Keras"),
        ("model.tflite", b"\x1c\0\0\0TFL3", "TensorFlow Lite"),
        ("saved_model.pb", b"\x08\1", "TensorFlow"),
        ("weights.npz", _saved(lambda file: np.savez(file, a=np.zeros(2))), "NumPy"),
        ("model.pth", b"\x08\x08\x12\x07pytorch", "ONNX"),
        ("model.pth", _zipped("m/data.pkl", "m/constants.pkl", "m/code/x.py"), "TorchScript"),
        ("model.pt2", _zipped("m/archive_format", "m/data.pkl"), "torch.export"),
        ("photos.pth", _zipped("a.jpg"), "ZIP"),
        ("model.pkl", pickle.dumps({"a": 1}), "Python pickle"),
        ("model.pth", b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        ("model.pth", b"\n<!DOCTYPE html><html>", "web page"),
    ],
)
def test_other_formats_are_called_by_their_names(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    sentence = str(foreign_format(path))
    assert said in sentence
    assert name in sentence
    assert "damaged" not in sentence


@pytest.mark.parametrize("is_new", [True, False])
def test_torchs_own_files_may_be_weights(tmp_path: Path, is_new: bool) -> None:
    path = tmp_path / "model.onnx.pth"
    state = nn.Linear(2, 2).state_dict()
    torch.save(state, path, _use_new_zipfile_serialization=is_new)
    assert foreign_format(path) is None


def test_a_zip_whose_list_of_contents_is_damaged_may_be_weights(tmp_path: Path) -> None:
    path = tmp_path / "model.pth"
    path.write_bytes(_zipped("m/data.pkl").replace(b"PK\1\2", b"PK\0\0"))
    assert foreign_format(path) is None
