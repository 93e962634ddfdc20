"""Reading weights as people keep them. Nothing in a file is ever run.

A file may be safetensors, whole or in parts, or what ``torch.save`` writes; told apart by content,
for names mislead. In the latter, the weights often lie inside: under ``model`` or ``state_dict``,
beside their moving average, the optimiser's state and the names of the classes.
"""

import argparse
import json
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from trainer.errors import WeightsError
from trainer.models.foreign.pickles import Unread, damaged, read_pickle
from trainer.models.foreign.refused_formats import foreign_format
from trainer.models.metadata import is_weight

_DEPTH = 5
"""How deep weights may lie inside a file."""
_WRAPPERS = {"module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"}
"""What data-parallel, compiled and sharded networks add to the names of their parts."""
_AVERAGED = re.compile(r"(^|[._])(ema|teacher|averaged|swa)([._]|$)|EMA|Ema|Teacher")
"""In the names of weights that are a moving average of others."""
_NO_WEIGHTS = re.compile(r"optimi[sz]er|\boptim\b|sched|scaler", re.IGNORECASE)
"""In the names of what lies beside weights and holds tensors too."""
_CLASS_LISTS = re.compile(
    r"(class|label|category)_?(names?|list)|class(es)?|labels|categories|names|vocab", re.IGNORECASE
)
_CLASS_NUMBERS = re.compile(
    r"(class|label)(es)?_?(to|2)_?(idx|index|id)|(idx|index|id)_?(to|2)_?(class|label)(es)?",
    re.IGNORECASE,
)
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
"""Control characters, line breaks, turns of the direction of writing, and halves of characters."""
_PART = re.compile(r"(.+-)(\d{5})(-of-)(\d{5})(\.\w+)")
_INDEX = ".index.json"


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Tensors by name that may be a network's weights."""

    place: str
    """Where in the file they lie: the keys that lead there, with dots."""
    tensors: dict[str, Tensor]

    @property
    def is_averaged(self) -> bool:
        """Whether it is called a moving average of other weights."""
        return is_averaged(self.place)


@dataclass(frozen=True, slots=True, eq=False)
class WeightsFile:
    """What was found in a file."""

    states: tuple[State, ...]
    """The likeliest first: moving averages before what they are averages of, for those are what
    was evaluated; then the largest."""
    class_lists: tuple[tuple[str, ...], ...]
    """What may be the names of the classes, in order."""
    network: str
    """What the file calls its architecture; empty where it does not."""


def is_averaged(name: str) -> bool:
    """Whether weights of that name are a moving average of others."""
    return _AVERAGED.search(name) is not None


def read_weights(path: Path) -> WeightsFile:
    """Read a file of weights, whatever it is called.

    Raises:
        WeightsError: it is missing, damaged, of another kind, or holds no weights; or what it
            holds is not finite.
    """
    if path.is_dir():
        raise WeightsError("“{path}” is a folder. Choose the weights file in it.", path=path)
    if not path.is_file():
        raise WeightsError("There is no weights file “{path}”.", path=path)
    try:
        content = _content_of(path)
    except OSError as error:
        raise WeightsError(
            "“{path}” cannot be read ({detail}).", path=path, detail=error.strerror or error
        ) from error
    found = sorted(_states(content), key=lambda state: (not state.is_averaged, -len(state.tensors)))
    if not found:
        raise WeightsError("“{path}” holds no network's weights.", path=path.name)
    found = _computable(path, found)
    settings = list(_settings(content))
    networks = (
        value
        for key, value in settings
        if key in ("arch", "architecture", "model_name") and isinstance(value, str)
    )
    return WeightsFile(
        tuple(found), tuple(_class_lists(settings)), next((name for name in networks), "")
    )


def _computable(path: Path, found: list[State]) -> list[State]:
    """Those of which all tensors hold plain values.

    Raises:
        WeightsError: there are none.
    """
    others = [
        next((name for name, tensor in state.tensors.items() if not _is_plain(tensor)), None)
        for state in found
    ]
    plain = [state for state, other in zip(found, others, strict=True) if other is None]
    if not plain:
        raise WeightsError(
            "“{path}” holds “{name}” without its values, or in a sparse or packed form that cannot "
            "be read here. Save the network's weights as plain tensors.",
            path=path.name,
            name=others[0],
        )
    return plain


def _is_plain(tensor: Tensor) -> bool:
    return (
        tensor.layout == torch.strided
        and not (tensor.is_meta or tensor.is_nested or tensor.is_quantized)
        and not str(tensor.dtype).startswith("torch.float4")  # Two numbers to a byte.
    )


def require_finite(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Make sure that weights can be computed with.

    Raises:
        WeightsError: some are not a number, or infinite.
    """
    for name, tensor in tensors.items():
        if not tensor.is_floating_point() or tensor.numel() == 0:
            continue
        # Of numbers of 8 bits, torch cannot tell.
        values = tensor.float() if tensor.itemsize == 1 else tensor
        # aminmax hands NaN on. To ask of each number takes twenty times as long.
        if not torch.isfinite(torch.stack(torch.aminmax(values))).all():
            raise WeightsError(
                "“{path}” holds values that are no numbers or infinite, in “{name}”: its training "
                "went astray. Choose weights of an earlier epoch.",
                path=path.name,
                name=name,
            )


# Files


def _content_of(path: Path) -> Any:
    """What a file holds: tensors and plain values, in dictionaries and lists."""
    if path.name.endswith(_INDEX):
        return _joined(path, _indexed_parts(path))
    if (part := _PART.fullmatch(path.name)) and int(part[4]) > 1:
        names = (f"{part[1]}{n:05}{part[3]}{part[4]}{part[5]}" for n in range(1, int(part[4]) + 1))
        return _joined(path, [path.with_name(name) for name in names])
    return _whole(path)


def _indexed_parts(path: Path) -> list[Path]:
    try:
        names = json.loads(path.read_text(encoding="utf-8"))["weight_map"].values()
        # Parts lie beside their index; a path that leads elsewhere is none of theirs.
        return [path.with_name(Path(name).name) for name in dict.fromkeys(names)]
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise damaged(path) from error


def _joined(path: Path, parts: list[Path]) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for part in parts:
        if not part.is_file():
            raise WeightsError(
                "“{path}” is one of {count} files that belong together, and “{missing}” is not "
                "beside it. Put all of them into one folder.",
                path=path.name,
                count=len(parts),
                missing=part.name,
            )
        content = _whole(part)
        if isinstance(content, Mapping):
            joined |= content
    return joined


def _whole(path: Path) -> Any:
    if _is_safetensors(path):
        return _read_safetensors(path)
    if (error := foreign_format(path)) is not None:
        raise error
    return read_pickle(path)


def _is_safetensors(path: Path) -> bool:
    with path.open("rb") as file:
        beginning = file.read(9)
    if len(beginning) < 9 or beginning[8:] != b"{":
        return False
    (length,) = struct.unpack("<Q", beginning[:8])
    return bool(length < 2**32)


def _read_safetensors(path: Path) -> dict[str, Any]:
    try:
        with safe_open(path, framework="pt") as file:
            # A model file has more beside its network.
            names = [name for name in file.keys() if is_weight(name)]  # noqa: SIM118
            tensors = {name: file.get_tensor(name) for name in names}
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise damaged(path) from error
    return {**tensors, "__metadata__": {key: _of_json(text) for key, text in metadata.items()}}


def _of_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


# What is in them


def _states(content: Any) -> Iterator[State]:
    """All that may be weights in what a file holds."""
    for place, members in _within(content, _items):
        tensors = {name: value for name, value in members if isinstance(value, Tensor)}
        if len(tensors) > 1:
            yield State(place, {_unwrapped(name): tensor for name, tensor in tensors.items()})


def _items(container: Any) -> list[tuple[str, Any]]:
    if isinstance(container, Mapping):
        return [(str(key), value) for key, value in container.items()]
    # A tensor in a list has no name, and so is no part of a network.
    return [
        (str(number), value)
        for number, value in enumerate(container if isinstance(container, list | tuple) else ())
        if not isinstance(value, Tensor)
    ]


def _within(
    content: Any, members_of: Callable[[Any], list[tuple[str, Any]]]
) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Place and members of what a file holds and of all that lies in it, the outermost first. Each
    comes once, for it may lie in many places, and even in itself."""
    level = [("", content)]
    visited: set[int] = set()
    for _ in range(_DEPTH + 1):
        below: list[tuple[str, Any]] = []
        for place, container in level:
            if id(container) in visited:
                continue
            visited.add(id(container))
            members = members_of(container)
            if members:
                yield place, members
            below += [
                (f"{place}.{name}".lstrip("."), value)
                for name, value in members
                if isinstance(value, Mapping | list | tuple | argparse.Namespace | Unread)
                and not _NO_WEIGHTS.search(name)
            ]
        level = below


def _unwrapped(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in _WRAPPERS)


def _settings(content: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value that are no tensor's, the outermost first."""
    for _, members in _within(content, _attributes):
        yield from members


def _attributes(container: Any) -> list[tuple[str, Any]]:
    if isinstance(container, argparse.Namespace | Unread):
        container = vars(container)
    items = container.items() if isinstance(container, Mapping) else ()
    return [(str(key), value) for key, value in items if not isinstance(value, Tensor)]


def _class_lists(settings: list[tuple[str, Any]]) -> Iterator[tuple[str, ...]]:
    for key, value in settings:
        # Some put JSON, or names with commas, into a text.
        value = _of_json(value) if isinstance(value, str) else value
        if _CLASS_NUMBERS.fullmatch(key) and isinstance(value, Mapping):
            names = _numbered(value)
        elif not _CLASS_LISTS.fullmatch(key):
            continue
        elif isinstance(value, Mapping):
            names = _numbered(value)
        elif isinstance(value, str):
            names = tuple(name.strip() for name in re.split(r"[,\n]", value) if name.strip())
        elif isinstance(value, list | tuple):
            is_named = all(isinstance(name, str | int) for name in value)
            names = tuple(map(str, value)) if is_named else ()
        else:
            continue
        names = tuple(_UNSPEAKABLE.sub(" ", name).strip() for name in names)
        if len(names) > 1 and all(names):
            yield names


def _numbered(value: Mapping[Any, Any]) -> tuple[str, ...]:
    """The names in the order of their numbers, 0 and so on, whichever of both are the keys; none
    where they are not so numbered."""
    for pairs in (
        [(number, name) for name, number in value.items()],
        list(value.items()),
    ):
        try:
            by_number = {int(number): name for number, name in pairs}
        except (TypeError, ValueError, OverflowError, RuntimeError):
            continue  # The last is a tensor's that is no single number.
        if not all(isinstance(name, str | int) for name in by_number.values()):
            continue
        if by_number.keys() == set(range(len(pairs))):
            return tuple(str(by_number[number]) for number in range(len(pairs)))
    return ()
