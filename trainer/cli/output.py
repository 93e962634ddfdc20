"""What the verbs share in printing: JSON lines, warnings, and progress on a terminal."""

import json
import sys
from typing import Any

from tqdm import tqdm

Bar = tqdm


def print_json(value: Any) -> None:
    """Print one object on a line of its own, at once."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False), flush=True)


def warn(sentence: str) -> None:
    """Print a line on standard error, above a progress bar if there is one."""
    tqdm.write(sentence, file=sys.stderr)


def progress(total: int | None = None) -> "tqdm[Any]":
    """A bar on standard error, where that is a terminal."""
    return tqdm(total=total, file=sys.stderr, disable=None, leave=False)
