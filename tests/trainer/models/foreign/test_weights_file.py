import argparse
import contextlib
import json
import pathlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from trainer.errors import DamagedWeightsError, WeightsError
from trainer.models.foreign.weights_file import read_weights, require_finite

STATE: dict[str, Tensor] = {"a.weight": torch.ones(2), "a.bias": torch.zeros(2)}


def _read(tmp_path: Path, content: Any) -> Any:
    path = tmp_path / "weights.pth"
    torch.save(content, path)
    return read_weights(path)


def test_a_file_is_told_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    torch.save(STATE, tmp_path / "a.safetensors")
    safetensors.torch.save_file(STATE, tmp_path / "b.pth")
    torch.save(STATE, tmp_path / "c.tar", _use_new_zipfile_serialization=False)
    for name in ("a.safetensors", "b.pth", "c.tar"):
        (state,) = read_weights(tmp_path / name).states
        assert state.tensors.keys() == STATE.keys()


def test_averages_come_first_and_the_optimisers_state_does_not_count(tmp_path: Path) -> None:
    more = STATE | {"b.weight": torch.ones(1)}
    file = _read(tmp_path, {"model": more, "ema_state_dict": STATE, "optimizer": {"x": more}})
    assert [state.place for state in file.states] == ["ema_state_dict", "model"]


@pytest.mark.parametrize(
    "beside",
    [
        {"classes": ["b", "a"]},
        {"class_names": ("b", "a")},
        {"class_to_idx": {"a": 1, "b": 0}},
        {"idx_to_class": {0: "b", 1: "a"}},
        {"id2label": {"1": "a", "0": "b"}},
        {"hyper_parameters": {"model": {"labels": ["b", "a"]}}},
        {"args": argparse.Namespace(class_names=["b", "a"])},
    ],
)
def test_the_names_of_classes_are_found(tmp_path: Path, beside: dict[str, Any]) -> None:
    assert _read(tmp_path, {"model": STATE} | beside).class_lists == (("b", "a"),)


def test_classes_that_are_called_by_numbers_stay_in_their_order(tmp_path: Path) -> None:
    numbers = {"1": 0, "10": 1, "2": 2}
    assert _read(tmp_path, {"m": STATE, "class_to_idx": numbers}).class_lists == (("1", "10", "2"),)


@pytest.mark.parametrize("text", ['["b", "a"]', "b, a", '{"a": 1, "b": 0}'])
def test_safetensors_name_their_classes_in_texts(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.safetensors"
    safetensors.torch.save_file(STATE, path, metadata={"class_names": text})
    assert read_weights(path).class_lists == (("b", "a"),)


@pytest.mark.parametrize("is_new", [True, False])
def test_objects_that_are_often_kept_beside_weights_are_no_obstacle(
    tmp_path: Path, is_new: bool
) -> None:
    beside = {
        "args": argparse.Namespace(path=pathlib.Path("x"), lr=0.1),
        "best": np.float64(0.5),
        "scores": np.zeros(3),
    }
    if is_new:
        beside["loss"] = nn.CrossEntropyLoss()
    path = tmp_path / "weights.pth"
    torch.save({"model": STATE, **beside}, path, _use_new_zipfile_serialization=is_new)
    assert read_weights(path).states[0].place == "model"


class _OfOnesOwn(nn.Linear):
    pass


def test_a_whole_network_is_called_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"program objects \(.*_OfOnesOwn.*state_dict") as raised:
        _read(tmp_path, _OfOnesOwn(2, 2))
    assert "damaged" not in str(raised.value)


def test_weights_in_several_files_are_read_together(tmp_path: Path) -> None:
    parts = [f"model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    for name, part in zip(STATE, parts, strict=True):
        safetensors.torch.save_file({name: STATE[name]}, tmp_path / part)
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": dict(zip(STATE, parts, strict=True))}))
    for chosen in (index, tmp_path / parts[1]):
        assert read_weights(chosen).states[0].tensors.keys() == STATE.keys()
    (tmp_path / parts[0]).unlink()
    for chosen in (index, tmp_path / parts[1]):
        with pytest.raises(WeightsError, match="“model-00001-of-00002"):
            read_weights(chosen)


def test_what_is_cut_off_is_damaged(tmp_path: Path) -> None:
    torch.save(STATE, tmp_path / "a.pth")
    safetensors.torch.save_file(STATE, tmp_path / "b.safetensors")
    for path in (tmp_path / "a.pth", tmp_path / "b.safetensors"):
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(DamagedWeightsError, match=f"“{path.name}” is damaged"):
            read_weights(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="is a folder"):
        read_weights(tmp_path)


@pytest.mark.parametrize("is_new", [True, False])
def test_whatever_is_damaged_is_told_in_a_sentence(tmp_path: Path, is_new: bool) -> None:
    path = tmp_path / "weights.pth"
    torch.save({"m": STATE, "lr": 0.1}, path, _use_new_zipfile_serialization=is_new)
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        for value in (0, 0x47, 0x80, 0xFF):
            path.write_bytes(content[:place] + bytes([value]) + content[place + 1 :])
            # Some of it is read as if nothing were amiss.
            with contextlib.suppress(WeightsError):
                read_weights(path)


def test_a_zip_whose_list_of_contents_is_damaged_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    torch.save(STATE, path)
    path.write_bytes(path.read_bytes().replace(b"PK\1\2", b"PK\0\0"))
    with pytest.raises(DamagedWeightsError, match=r"“weights\.pth” is damaged"):
        read_weights(path)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.eye(2).to_sparse(),
        torch.ones(2, device="meta"),
    ],
    ids=["sparse", "meta"],
)
def test_tensors_without_plain_values_are_called_what_they_are(
    tmp_path: Path, tensor: Tensor
) -> None:
    with pytest.raises(WeightsError, match="holds “mask” without its values, or in a sp") as raised:
        _read(tmp_path, STATE | {"mask": tensor})
    assert "damaged" not in str(raised.value)
    # Beside weights, they are no obstacle.
    (state,) = _read(tmp_path, {"m": STATE, "graph": {"mask": tensor, "b": tensor}}).states
    assert state.place == "m"


def test_numbers_of_8_bits_can_be_told_finite() -> None:
    numbers = torch.ones(2).to(torch.float8_e4m3fn)
    require_finite(Path("weights.pth"), {"a": numbers})
    numbers[0] = float("nan")
    with pytest.raises(WeightsError, match="no numbers or infinite, in “a”"):
        require_finite(Path("weights.pth"), {"a": numbers})


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_numbers_that_cannot_be_computed_with_are_found(dtype: torch.dtype, value: str) -> None:
    numbers = torch.linspace(-1, 1, 1000, dtype=dtype)
    tensors = {"empty": numbers[:0], "whole": torch.zeros(2, dtype=torch.int64), "a": numbers}
    require_finite(Path("weights.pth"), tensors)
    numbers[500] = float(value)
    with pytest.raises(WeightsError, match="no numbers or infinite, in “a”"):
        require_finite(Path("weights.pth"), tensors)


def test_what_holds_itself_is_walked_once(tmp_path: Path) -> None:
    content: dict[str, Any] = {"classes": ["b", "a"], "m": STATE}
    for number in range(12):
        content[f"itself{number}"] = content
        content[f"list{number}"] = [content]
    file = _read(tmp_path, content)
    assert [state.place for state in file.states] == ["m"]
    assert file.class_lists == (("b", "a"),)


def test_what_lies_in_two_places_is_found_where_it_lies_outermost(tmp_path: Path) -> None:
    shared = {"x": {"model": STATE}}
    file = _read(tmp_path, {"a": {"b": {"c": {"d": shared}}}, "shared": shared})
    assert [state.place for state in file.states] == ["shared.x.model"]


@pytest.mark.parametrize(
    "numbers",
    [
        {"a": torch.ones(3), "b": 1},
        {"a": float("inf"), "b": 1},
        {0: ["x"], 1: ["y"]},
    ],
)
def test_what_numbers_no_classes_is_no_obstacle(tmp_path: Path, numbers: dict[Any, Any]) -> None:
    assert _read(tmp_path, {"m": STATE, "class_to_idx": numbers}).class_lists == ()


def test_names_of_classes_are_of_one_line_and_can_be_shown(tmp_path: Path) -> None:
    names = ["b\nc", "\x1b[2Ja", "가\u2028지", "\u202egrape", "<i>"]
    expected = ("b c", "[2Ja", "가 지", "grape", "<i>")
    assert _read(tmp_path, {"m": STATE, "classes": names}).class_lists == (expected,)
    assert _read(tmp_path, {"m": STATE, "classes": ["a", "\n"]}).class_lists == ()
