"""Photos with their labels from a file or from their names, as a data set reads them."""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from trainer.data import left_out
from trainer.data.class_photos import ClassPhotos, classes_among
from trainer.data.labels import label_warnings
from trainer.data.labels.class_list import are_numbers, class_names, list_beside
from trainer.data.labels.column_guess import completed, guess_columns, unused_split
from trainer.data.labels.columns import (
    LabelColumns,
    NamedTable,
    box_areas,
    is_yes,
    named,
    splits_in,
)
from trainer.data.labels.found_paths import FoundPaths, find_paths
from trainer.data.labels.found_photos import FoundPhotos, find_photos_of, photos_of
from trainer.data.labels.label_file import read_label_file
from trainer.data.labels.label_source import LabelSource, keep
from trainer.data.labels.labelled_rows import (
    GatheredRows,
    LabelledRow,
    composed,
    with_largest_boxes,
)
from trainer.data.labels.name_pattern import NamePattern, propose_patterns
from trainer.data.labels.table import LabelTable
from trainer.data.left_out import LeftOut
from trainer.errors import DatasetError
from trainer.events import Preparing


@dataclass(frozen=True, slots=True)
class Labelled:
    """All that comes of a choice of labels."""

    source: LabelSource
    """With the columns and names that were guessed where none were chosen."""
    rows: tuple[LabelledRow, ...]
    photos: dict[str, dict[str, list[Path]]]
    """By split, ``train`` where nothing says it, and by class."""
    left_out: tuple[LeftOut, ...]
    warnings: tuple[DatasetError, ...]
    table: NamedTable | None = None
    """Of a labels file."""
    are_numbers: bool = False
    """Whether the labels are numbers that may have names."""
    error: DatasetError | None = None
    """Why no photo has a label."""

    @property
    def counts(self) -> dict[str, int]:
        """Photos of each class in all splits."""
        counts: Counter[str] = Counter()
        for classes in self.photos.values():
            for name, photos in classes.items():
                counts[name] += len(photos)
        return dict(sorted(counts.items()))


def find_labelled(
    source: LabelSource,
) -> Generator[Preparing, None, tuple[ClassPhotos, Path]]:
    """The photos of a data set by class, and the folder that they lie in.

    Yields:
        How many files of a zip are unpacked.

    Raises:
        DataNotFoundError: the photos are not there.
        DatasetError: the labels cannot be read, or say nothing of these photos.
    """
    found = yield from find_photos_of(source.photos, source.file)
    labelled = _some(label_photos(source, found))
    warnings = list(labelled.warnings)
    if source.has_changed and source.file is not None:
        warnings.insert(0, label_warnings.changed_labels(source.file.name))
    return (
        classes_among(
            labelled.photos,
            labelled.left_out,
            found.index.root,
            warnings=warnings,
            has_own_splits=any(row.split is not None for row in labelled.rows),
            training_folders=(found.index.root,),
            about_alike=label_warnings.alike_labels,
        ),
        found.index.root,
    )


def choose_labels(
    photos: Path,
    file: Path | None = None,
    pattern: str = "",
    *,
    photo_column: str = "",
    label_column: str = "",
    split_column: str = "",
    class_list: Path | None = None,
) -> Path:
    """The file that stands for the photos in *photos* with these labels: see
    :mod:`trainer.data.labels.label_source`. What is not said is guessed.

    Args:
        pattern: of the photos' names, where there is no labels file; empty for the best guess.

    Raises:
        DatasetError: the photos or the labels cannot be read, or do not belong together.
        OSError: the choice cannot be kept.
    """
    found = photos_of(photos, file)
    if file is None:
        return keep(_some(label_photos(LabelSource(photos, pattern=pattern), found)).source)
    table = named(read_label_file(file), found.index)
    columns = guess_columns(
        table,
        found.index,
        photo=photo_column,
        labels=_columns_named(label_column, table),
        split=split_column or None,
    )
    source = LabelSource(photos, file, columns, class_list)
    return keep(_some(label_photos(source, found)).source)


def _columns_named(text: str, table: NamedTable) -> tuple[str, ...]:
    """The column that is called *text*, or those of a class each whose names have commas between
    them."""
    if not text or text in table.columns or "," not in text:
        return (text,) if text else ()
    return tuple(table.columns[table.column(name.strip())] for name in text.split(","))


def _some(labelled: Labelled) -> Labelled:
    """The same, if some photo has a label."""
    if labelled.error is not None:
        raise labelled.error
    return labelled


def label_photos(
    source: LabelSource, found: FoundPhotos, read: LabelTable | None = None
) -> Labelled:
    """Bring photos and labels together. Where they do not belong together,
    :attr:`Labelled.error` says so.

    Args:
        read: what the labels file holds, if it has been read.

    Raises:
        DatasetError: the labels, or the list of the classes' names, cannot be read; or the pattern
            is none.
    """
    if source.file is None:
        return _by_names(source, found)
    file = source.file
    read = read or read_label_file(file)
    table = named(read, found.index)
    columns = completed(source.columns, table, found.index)
    source = replace(source, columns=columns)
    if not columns.labels:
        raise _which_labels(file, table)
    paths = find_paths(found.index, [row[table.column(columns.photo)] for row in table.rows])
    rows = list(_rows_of(table, columns, paths))
    areas = box_areas(table)
    of_boxes: tuple[DatasetError, ...] = ()
    if areas is not None:
        rows, of_boxes = with_largest_boxes(rows, areas)
    gathered = GatheredRows(found, are_boxes=areas is not None)
    for row in rows:
        gathered.add(row)
    gathered.mark_contradicted()
    labels = {row.label for row in gathered.rows if row.label}
    numbered = are_numbers(labels)
    why_unnamed = None
    if numbered and source.class_names is None:
        folders = (file.absolute().parent, found.index.root)
        beside, why_unnamed = list_beside(folders, labels, file)
        source = replace(source, class_names=beside)
    if source.class_names is not None and numbered:
        gathered.rename(class_names(source.class_names, labels))
    photos = gathered.photos
    warnings = [
        *read.warnings,
        *of_boxes,
        *_about_numbers(source, labels, numbered),
        *gathered.warnings(),
    ]
    said = (why_unnamed, unused_split(table, columns))
    warnings += [each for each in said if each is not None]
    if by_name := list(dict.fromkeys(paths.by_name)):
        first = left_out.readable(by_name[0])
        warnings.append(label_warnings.found_by_name(len(by_name), first))
    own = {source.file, source.class_names}
    others = [each for each in found.skipped if each.path not in own]
    return Labelled(
        source,
        tuple(gathered.rows),
        photos,
        (*others, *gathered.left_out()),
        tuple(warnings),
        table,
        numbered,
        None if photos else _nothing_labelled(source, gathered, read.warnings),
    )


def _rows_of(table: NamedTable, columns: LabelColumns, paths: FoundPaths) -> Iterator[LabelledRow]:
    photo = table.column(columns.photo)
    labels = [(name, table.column(name)) for name in columns.labels]
    split = table.column(columns.split) if columns.split else None
    splits: Sequence[str | None] = [None] * len(table.rows)
    if split is not None:
        cells = [row[split] for row in table.rows]
        splits = [each or "" for each in splits_in(columns.split, cells)]
    for row, found, split_of_row in zip(table.rows, paths.photos, splits, strict=True):
        if columns.are_one_hot:
            names = [name for name, number in labels if is_yes(row[number])]
            label = names[0] if len(names) == 1 else ""
        else:
            label = row[labels[0][1]]
        yield LabelledRow(row[photo], composed(label), split_of_row, found)


def _by_names(source: LabelSource, found: FoundPhotos) -> Labelled:
    index = found.index
    places = {photo: photo.relative_to(index.root) for photo in index.photos}
    if not source.pattern:
        proposed = propose_patterns(places.values())
        if not proposed:
            raise DatasetError(
                "The names of the photos in “{path}”, such as “{name}”, show no labels. Give a "
                "pattern such as {example}, or a file of labels.",
                path=source.photos,
                name=left_out.readable(next(iter(places.values())).as_posix()),
                example="{label}_*",
            )
        source = replace(source, pattern=proposed[0])
    pattern = NamePattern(source.pattern)
    gathered = GatheredRows(found)
    for photo, place in places.items():
        gathered.add(_row_of_name(pattern, photo, place))
    error = None
    if not gathered.photos:
        error = DatasetError(
            "No photo in “{path}” has a name that fits “{pattern}”, such as “{name}”. Change the "
            "pattern.",
            path=source.photos,
            pattern=source.pattern,
            name=left_out.readable(next(iter(places.values())).as_posix()),
        )
    return Labelled(
        source,
        tuple(gathered.rows),
        gathered.photos,
        (*found.skipped, *gathered.left_out()),
        tuple(gathered.warnings()),
        error=error,
    )


def _row_of_name(pattern: NamePattern, photo: Path, place: PurePath) -> LabelledRow:
    parts = pattern.parts_of(place)
    if parts is None:
        return LabelledRow(place.as_posix(), "", None, None)
    return LabelledRow(place.as_posix(), composed(parts.label), parts.split, photo)


def _about_numbers(
    source: LabelSource, labels: set[str], are_numbered: bool
) -> Sequence[DatasetError]:
    if source.class_names is not None:
        if not are_numbered:
            return [label_warnings.unused_class_names(source.class_names.name)]
        return [label_warnings.class_names_from(source.class_names.name)]
    return [label_warnings.numbered_labels(min(labels))] if are_numbered else []


def _which_labels(file: Path, table: NamedTable) -> DatasetError:
    return DatasetError(
        "Nothing tells which column of “{path}” holds the labels: {columns}. Choose it.",
        path=file,
        columns=left_out.listed(table.columns, most=12),
    )


def _nothing_labelled(
    source: LabelSource, gathered: GatheredRows, said: Sequence[DatasetError]
) -> DatasetError:
    """Args: *said* is what was to be said of the file as it was read."""
    are_there = any(isinstance(row.photo, Path) for row in gathered.rows)
    first = next(
        (row.text for row in gathered.rows if are_there == isinstance(row.photo, Path)), ""
    )
    details = {
        "path": source.file,
        "folder": source.photos,
        "name": left_out.readable(first)[:80],
    }
    if gathered.texts.get("no split"):
        return DatasetError(
            "“{path}” has no row with a split for a photo in “{folder}”, not even for “{name}”. "
            "Choose another column of splits, or none.",
            **details,
        )
    if gathered.contradicted and not gathered.texts.get("no label"):
        return DatasetError(
            "“{path}” gives each photo several labels, or splits, that differ, such as “{name}”. "
            "Leave one for each.",
            **details,
        )
    if are_there and said and not any(row.label for row in gathered.rows):
        return DatasetError(
            "“{path}” has no label for a photo in “{folder}”. {reason}",
            reason=said[-1],
            **details,
        )
    if are_there:
        return DatasetError(
            "“{path}” has no label for a photo in “{folder}”, not even for “{name}”. Choose "
            "another column of labels.",
            **details,
        )
    return DatasetError(
        "“{path}” names no photo that is in “{folder}”; it names “{name}”. Choose the column of "
        "the photos, or the folder that they lie in.",
        **details,
    )
