"""Reading what ``torch.save`` writes, and never running any of it: a pickle may hold a program.

torch's own reader makes tensors and plain values alone. Objects that are often kept beside weights,
and do no harm, are stood in for; a file that holds others is refused.
"""

import argparse
import pickle
import re
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch

from trainer.errors import DamagedWeightsError, WeightsError

_DAMAGES = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, RuntimeError, TypeError),
    *(ValueError, pickle.UnpicklingError, struct.error),
)
"""What unpickling a damaged file raises."""
_NAMED_OBJECTS = 3
"""How many of the objects that a file asks for are named to the user."""


class Unread:
    """Stands in for an object of another program's that lies beside weights: its class is not
    known, and not imported."""

    def __init__(self, *arguments: object) -> None:
        """Take, and forget, what it is made of."""

    def __setstate__(self, state: object) -> None:
        """Take what it holds, which may be the settings that it was trained with."""
        if isinstance(state, dict):
            self.__dict__.update({str(key): value for key, value in state.items()})


_HARMLESS = re.compile(
    r"(argparse|types|pathlib|datetime|collections|typing|enum|numpy|omegaconf|yacs|easydict|torch"
    r"|torchmetrics|pytorch_lightning|lightning|lightning_fabric)\."
)
"""Whose objects are often kept beside weights. They are stood in for, and not made."""
_LIKE_DICTIONARIES = re.compile(r".*\.(AttributeDict|CfgNode|EasyDict|defaultdict|OrderedDict)")


def _stand_in_for(name: str) -> Any:
    if name == "argparse.Namespace":
        return argparse.Namespace
    # torch fills these alone.
    return OrderedDict if _LIKE_DICTIONARIES.fullmatch(name) else Unread


def read_pickle(path: Path) -> Any:
    """What a file holds: tensors and plain values, in dictionaries and lists, and :class:`Unread`.

    Raises:
        DamagedWeightsError: it cannot be read.
        OSError: the disk cannot be read.
        WeightsError: it holds objects that would have to be run.
    """
    try:
        unknown = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    except _DAMAGES:
        unknown = []  # It is of the old format, or damaged: reading it tells.
    others = sorted(name for name in unknown if not _HARMLESS.match(name))
    if others:
        raise _holds_objects(path, others)
    stand_ins: list[Any] = [(_stand_in_for(name), name) for name in unknown]
    while True:
        try:
            # By its name, torch might take the file for another kind.
            with torch.serialization.safe_globals(stand_ins), path.open("rb") as file:
                return torch.load(file, map_location="cpu", weights_only=True)
        except OSError:
            raise
        except Exception as error:
            # Damaged files raise whatever they may. Old ones are asked one object at a time.
            if "persistent_load" in str(error):
                # So old files keep the source code of whole modules.
                raise _holds_objects(path, ["torch.nn.Module"]) from error
            asked = re.search(r"GLOBAL ([\w.]+)", str(error))
            if asked is None or not isinstance(error, pickle.UnpicklingError):
                raise damaged(path) from error
            known = {name for _, name in stand_ins}
            if asked[1] in known or not _HARMLESS.match(asked[1]):
                raise _holds_objects(path, [asked[1]]) from error
            stand_ins.append((_stand_in_for(asked[1]), asked[1]))


def _holds_objects(path: Path, names: list[str]) -> WeightsError:
    return WeightsError(
        "“{path}” holds something else than weights: program objects ({names}), which are never "
        "made or run here. Save the network's weights alone, with "
        "torch.save(model.state_dict(), FILE).",
        path=path.name,
        names=", ".join(names[:_NAMED_OBJECTS]) + (", …" if len(names) > _NAMED_OBJECTS else ""),
    )


def damaged(path: Path) -> DamagedWeightsError:
    """What to raise of a file that cannot be read."""
    return DamagedWeightsError(
        "“{path}” is damaged, or holds something else than a network's weights.", path=path.name
    )
