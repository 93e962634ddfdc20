"""What the verbs share in printing: JSON lines, warnings, and progress on a terminal."""

import json
import sys
from collections.abc import Generator
from typing import Any, TypeVar

from tqdm import tqdm

from trainer.control import drain
from trainer.events import Preparing

Bar = tqdm
_Read = TypeVar("_Read")


def print_json(value: Any) -> None:
    """Print one object on a line of its own, at once."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False), flush=True)


def read_with_bar(reading: Generator[Preparing, None, _Read]) -> _Read:
    """Run what reads photos, such as :func:`trainer.data.dataset.read_data_set`, to its end."""
    with progress() as bar:

        def show(step: Preparing) -> None:
            bar.set_description(step.stage)
            bar.total, bar.n = step.total, step.done
            bar.refresh()

        return drain(reading, show)


def warn(sentence: str) -> None:
    """Print a line on standard error, above a progress bar if there is one."""
    tqdm.write(sentence, file=sys.stderr)


def progress(total: int | None = None) -> "tqdm[Any]":
    """A bar on standard error, where that is a terminal."""
    return tqdm(total=total, file=sys.stderr, disable=None, leave=False)
