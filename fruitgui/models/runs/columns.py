"""The columns of the table of runs: which there are, how wide, and which are shown at first."""

from typing import Literal, get_args

Column = Literal[
    "star",
    "name",
    "model",
    "start",
    "strategy",
    "data",
    "best_epoch",
    "validation",
    "test",
    "time",
    "device",
    "date",
    "state",
]
COLUMNS: tuple[Column, ...] = get_args(Column)

WIDTHS: dict[Column, int] = {
    "star": 34,
    "name": 160,
    "model": 130,
    "start": 100,
    "strategy": 150,
    "data": 110,
    "best_epoch": 90,
    "validation": 82,
    "test": 84,
    "time": 86,
    "device": 70,
    "date": 146,
    "state": 110,
}
"""In pixels, at a text size of 100%."""
ORDER_AT_FIRST: tuple[Column, ...] = ("star", "name", "validation", "test", "state", "date")
"""Others come after these."""
HIDDEN_AT_FIRST: frozenset[Column] = frozenset(
    ("model", "start", "strategy", "data", "best_epoch", "time", "device")
)
"""The name says the first, third and fourth of these, where the user gives no other. What is left
is seen without scrolling sideways in a window of 1280 pixels."""
ALWAYS_SHOWN: tuple[Column, ...] = ("star", "name")
