"""A labels file of whatever format, as a table."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainer.data.labels.json_table import json_of, json_table
from trainer.data.labels.label_studio import with_marks_as_labels
from trainer.data.labels.table import LabelTable, table_of
from trainer.data.labels.text import read_text
from trainer.data.labels.xml_table import xml_table
from trainer.data.left_out import listed
from trainer.errors import DatasetError

LABEL_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".xml")
"""What labels files are called. Others are read as well, if they are named outright."""


def looks_like_labels(path: Path) -> bool:
    """Whether a file may hold labels, by its name."""
    return path.suffix.lower() in LABEL_SUFFIXES and os.path.isfile(path)  # noqa: PTH113


def labels_among(sources: Sequence[Path]) -> tuple[Path, Path | None]:
    """The labels file among what was chosen at once, and the folder or zip of the photos; None
    where there is no other.

    Raises:
        DatasetError: there are several, so that some would not count.
    """
    files = [source for source in sources if looks_like_labels(source)]
    others = [source for source in sources if source not in files]
    if len(files) > 1 or len(others) > 1:
        raise DatasetError(
            "Labels come from one file, and photos from one folder or zip. Drop one of each, "
            "without {names}.",
            names=listed([each.name for each in (*files[1:], *others[1:])]),
        )
    return files[0], others[0] if others else None


def digest_of_file(file: Path) -> str:
    """What tells whether a labels file has changed; empty where it cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def read_label_file(file: Path) -> LabelTable:
    """Read a CSV or its like, JSON, or CVAT's XML: which one, its content tells.

    Raises:
        DatasetError: it cannot be read or understood.
    """
    text = read_text(file)
    start = text.lstrip()[:1]
    if start in {"{", "["}:
        return _json(text, file)
    table = xml_table(text) if start == "<" else table_of(text)
    if table is None or not table.rows:
        raise DatasetError(
            "“{path}” is understood neither as a table nor as JSON: it begins with “{start}”. "
            "What is needed is {needed}.",
            path=file,
            start=" ".join(text.split())[:40],
            needed=_needed(),
        )
    return with_marks_as_labels(table)


def _json(text: str, file: Path) -> LabelTable:
    try:
        value = json_of(text)
    except json.JSONDecodeError as error:
        raise DatasetError(
            "“{path}” is damaged JSON (line {line}, column {column}). Export it again.",
            path=file,
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:
        raise DatasetError("“{path}” is JSON that is nested too deeply.", path=file) from error
    table = json_table(value)
    if table is None:
        raise DatasetError(
            "No labels are found in the JSON of “{path}”: it holds {found}. What is needed is "
            "{needed}.",
            path=file,
            found=_described(value),
            needed=_needed(),
        )
    return with_marks_as_labels(table)


def _needed() -> DatasetError:
    return DatasetError(
        "a table with a column of photos and one of labels, or JSON such as {example}",
        example='{"a.jpg": "apple"}',
    )


def _described(value: Any) -> DatasetError:
    """What a JSON value is, in a few words."""
    if isinstance(value, dict) and value:
        keys = ", ".join(f"“{key[:30]}”" for key in list(value)[:4])
        return DatasetError("an object with the keys {keys}", keys=keys)
    if isinstance(value, list) and value:
        return DatasetError("a list of {count}", count=len(value))
    return DatasetError("nothing")
