"""Guessing which columns of a labels file hold the photo, its label and its split."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from trainer.data.labels import label_warnings
from trainer.data.labels.column_names import plain
from trainer.data.labels.columns import (
    LabelColumns,
    NamedTable,
    are_answers,
    asked_split,
    is_answer,
    is_number,
    is_yes,
    splits_in,
)
from trainer.data.labels.photo_index import PhotoIndex
from trainer.data.labels.table import names_image
from trainer.data.split_names import split_named
from trainer.errors import DatasetError

_SAMPLE = 1000
"""Rows that are looked at, from the whole of the table."""
_PATH_NAMES = (
    "path imagepath filepath file filename filenames image imagename images img photo picture "
    "imageid id key 파일 파일명 파일이름 사진 이미지 경로"
).split()
_PATH_WORDS = _PATH_NAMES[:4]
_LABEL_NAMES = (
    "label labels class classname category categoryname target species variety name kind type "
    "fruit choice tag 라벨 레이블 클래스 분류 품종 종류 과일 정답 이름"
).split()
_LABEL_WORDS = (
    "label class category species variety fruit vegetable produce choice 라벨 레이블 클래스 분류 "
    "품종 과일"
).split()
_SPLIT_NAMES = "split splits set subset partition fold dataset phase usage 분할 구분".split()
_NO_LABELS = frozenset(
    (
        "annotator annotators annotatedby completedby createdby updatedby reviewer leadtime "
        "createdat updatedat completedat timestamp datetime width height imagewidth "
        "imageheight area xmin ymin xmax ymax x y w h bbox score confidence url path "
        "filepath filename file"
    ).split()
)
"""What columns are called that say something of a photo, but never its class."""
_LEAST_ONE_HOT = 0.8
"""Of the rows with exactly one class, so that columns are of classes."""
_LEAST_SPLITS = 0.9
"""Of the cells that are splits, so that a column is of splits whatever it is called."""


def guess_columns(
    table: NamedTable,
    photos: PhotoIndex,
    *,
    photo: str = "",
    labels: tuple[str, ...] = (),
    split: str | None = None,
) -> LabelColumns:
    """What the columns probably hold: that of the photos is the one whose cells lead to some. There
    are no :attr:`LabelColumns.labels` where nothing tells which ones those are.

    Args:
        photo, labels, split: those that are known; a *split* that is empty says that there is none.

    Raises:
        DatasetError: there are fewer than two columns, no such column, or one is to hold two
            things.
    """
    if len(table.columns) < 2:
        raise DatasetError(
            "The labels have a single column, “{name}”. A column of photos and one of labels are "
            "needed.",
            name=table.columns[0] if table.columns else "",
        )
    given = [table.column(name) for name in (photo, *labels, split) if name]
    for number in given:
        if given.count(number) > 1:
            raise DatasetError(
                "The column “{name}” cannot be two things at once. Choose another column of "
                "photos, of labels or of splits.",
                name=table.columns[number],
            )
    step = max(1, len(table.rows) // _SAMPLE)
    cells = list(zip(*table.rows[::step], strict=True))
    guess = _Guess(table.columns, cells, photos)
    free = [number for number in range(len(cells)) if number not in given]
    of_photos = table.column(photo) if photo else guess.photo(free)
    free = [number for number in free if number != of_photos]
    splits = guess.splits(free)
    of_split = splits[:1] if split is None else [table.column(split)] if split else []
    of_labels = [table.column(name) for name in labels]
    if not of_labels:
        of_labels = guess.labels([number for number in free if number not in splits])
        if not of_labels and split is None and free == of_split:
            of_labels, of_split = of_split, []  # The classes are called like splits.
    return LabelColumns(
        table.columns[of_photos],
        tuple(table.columns[number] for number in of_labels),
        "".join(table.columns[number] for number in of_split),
    )


def completed(columns: LabelColumns | None, table: NamedTable, photos: PhotoIndex) -> LabelColumns:
    """A choice of columns with those that are missing in it guessed around the others.

    Raises:
        DatasetError: see :func:`guess_columns`.
    """
    if columns is None:
        return guess_columns(table, photos)
    return guess_columns(
        table, photos, photo=columns.photo, labels=columns.labels, split=columns.split
    )


def unused_split(table: NamedTable, columns: LabelColumns) -> DatasetError | None:
    """What is to be said of a column that is called as one of splits, and does not count as one."""
    taken = {columns.photo, *columns.labels, columns.split}
    for number, name in enumerate(table.columns):
        if name in taken or not _says_splits(name):
            continue
        cells = [row[number] for row in table.rows]
        found = [cell for cell, split in zip(cells, splits_in(name, cells), strict=True) if split]
        if any(found):
            return label_warnings.unused_splits(name, len([cell for cell in found if cell]))
    return None


class _Guess:
    """Columns, by their names and a sample of their cells."""

    def __init__(
        self, names: Sequence[str], cells: Sequence[Sequence[str]], photos: PhotoIndex
    ) -> None:
        self._names = names
        self._cells = cells
        self._photos = photos

    def photo(self, among: Sequence[int]) -> int:
        """The one that is most like a column of photos."""
        if not among:
            raise DatasetError(
                "No column is left for the photos. Choose other columns of labels or of splits."
            )
        return max(among, key=self._likely_photos)

    def _likely_photos(self, number: int) -> tuple[float, ...]:
        cells = self._cells[number]
        hint = _hint(self._names[number], _PATH_NAMES, _PATH_WORDS)
        if are_answers(cells):
            return (0.0, 0.0, 0.0, hint)
        found = sum(isinstance(self._photos.find(cell), Path) for cell in cells)
        look = sum(map(names_image, cells))
        # Labels may be called like photos, but come again and again.
        return (
            found and round(found / len(cells), 1) + 0.1,
            look / len(cells),
            len(set(cells)) / len(cells),
            hint,
        )

    def splits(self, among: Iterable[int]) -> list[int]:
        """Those that hold splits: in most cells of one that is called so, and in nearly all of
        another."""
        return [number for number in among if self._is_split(number)]

    def _is_split(self, number: int) -> bool:
        name, cells = self._names[number], self._cells[number]
        if asked_split(name) is not None:
            answers = sum(map(is_answer, cells))
            # Where an empty cell is an answer, too, few are not.
            return answers > 0 and 2 * sum(map(_is_no_answer, cells)) < len(cells)
        found = [split for cell in cells if (split := split_named(cell))]
        if _says_splits(name):
            return 2 * len(found) >= len(cells)
        return len(found) >= _LEAST_SPLITS * len(cells) and len(set(found)) > 1

    def labels(self, among: Sequence[int]) -> list[int]:
        """That of the labels, or those of a class each; none where nothing tells which."""
        able = [number for number in among if not _is_no_label(self._names[number])]
        if not able:
            return []
        one_hot = self._one_hot(able)
        others = [number for number in able if number not in one_hot]
        if one_hot and others:
            best = max(others, key=self._likely_labels)
            comes_again, is_hinted, is_text, *_ = self._likely_labels(best)
            if is_hinted and comes_again:
                return [best]
            # A name that comes again, and columns one of which is 1: either may be the label.
            return [] if is_text and comes_again else one_hot
        if one_hot:
            return one_hot
        best = max(able, key=self._likely_labels)
        comes_again, is_hinted, *_ = self._likely_labels(best)
        return [best] if comes_again or is_hinted or len(able) == 1 else []

    def _likely_labels(self, number: int) -> tuple[float, ...]:
        cells = self._cells[number]
        values = {cell for cell in cells if cell}
        count = sum(bool(cell) for cell in cells)
        comes_again = 2 <= len(values) <= max(2, count / 2)
        hint = _hint(self._names[number], _LABEL_NAMES, _LABEL_WORDS)
        is_text = sum(not is_number(value) for value in values) > len(values) / 2
        return (comes_again, hint > 0, is_text, hint, -len(values))

    def _one_hot(self, among: Sequence[int]) -> list[int]:
        """The columns that say yes or no, if one of them says yes in most rows."""
        binary = [number for number in among if are_answers(self._cells[number])]
        if len(binary) < 2:
            return []
        rows = list(zip(*(self._cells[number] for number in binary), strict=True))
        single = sum(sum(map(is_yes, row)) == 1 for row in rows)
        return binary if single >= _LEAST_ONE_HOT * len(rows) else []


def _hint(name: str, known: Sequence[str], words: Sequence[str]) -> float:
    """How much a column's name is one of those *known*, from 0 to 2, of which the first ones say
    most; or has one of the *words* in it."""
    called = plain(name)
    if called in known:
        return 2 - known.index(called) / len(known)
    return 0.5 if any(word in called for word in words) else 0.0


def _is_no_label(name: str) -> bool:
    """Whether a column holds something else by its name: a row's number, who wrote it, when."""
    words = [plain(word) for word in re.split(r"[\W_]+", name) if word]
    if plain(name) in _NO_LABELS:
        return True
    return words[-1:] == ["id"] and not _hint(name, _LABEL_NAMES, _LABEL_WORDS)


def _says_splits(name: str) -> bool:
    return plain(name) in _SPLIT_NAMES or asked_split(name) is not None


def _is_no_answer(cell: str) -> bool:
    return bool(cell) and not is_answer(cell)
