"""Reading labels for a look at them, beside the GUI thread."""

import unicodedata
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from trainer.data.labels.column_guess import completed
from trainer.data.labels.columns import LabelColumns, class_columns, named
from trainer.data.labels.found_photos import FoundPhotos, find_photos_of
from trainer.data.labels.label_file import digest_of_file, read_label_file
from trainer.data.labels.label_source import LabelSource
from trainer.data.labels.labelled_photos import Labelled, label_photos
from trainer.data.labels.name_pattern import NameParts, NamePattern, propose_patterns
from trainer.data.labels.table import LabelTable
from trainer.errors import TrainerError
from trainer.events import Preparing

_SHOWN = 50
"""Names of photos that are taken apart for a look."""


@dataclass(frozen=True, slots=True)
class LabelsSeen:
    """What a choice of labels comes to, as far as it goes."""

    columns: tuple[str, ...] = ()
    chosen: LabelColumns | None = None
    class_columns: tuple[str, ...] = ()
    """Those of a class each that a file has."""
    patterns: tuple[str, ...] = ()
    """Those that the photos' names suggest."""
    pattern: str = ""
    names: tuple[tuple[str, NameParts | None], ...] = ()
    """Some photos' places, and what the pattern finds in each."""
    labelled: Labelled | None = None
    """None where the file or the pattern is not understood."""
    error: TrainerError | None = None
    """Why it goes no further."""


class LabelsReader:
    """Keeps what was read of photos and labels, so that another column, or another pattern, is
    shown at once. To be used by one task after another."""

    def __init__(self) -> None:
        self._found: tuple[tuple[Path, Path | None], FoundPhotos] | None = None
        self._patterns: tuple[FoundPhotos, tuple[str, ...]] | None = None
        self._table: tuple[tuple[Path, str], LabelTable] | None = None

    def read(self, source: LabelSource) -> Generator[Preparing | None, None, LabelsSeen]:
        """What comes of a choice; columns and a pattern that are not chosen are guessed.

        Yields:
            How many files of a zip are unpacked, or None, where it may be told to end.
        """
        try:
            found = yield from self._photos(source)
        except TrainerError as error:
            return LabelsSeen(error=error)
        yield None
        if source.file is None:
            return self._of_names(source, found)
        return (yield from self._of_file(source, source.file, found))

    def _photos(self, source: LabelSource) -> Generator[Preparing, None, FoundPhotos]:
        key = (source.photos, source.file and source.file.parent)
        if self._found is None or self._found[0] != key:
            self._found = key, (yield from find_photos_of(source.photos, source.file))
        return self._found[1]

    def _of_file(
        self, source: LabelSource, file: Path, found: FoundPhotos
    ) -> Generator[None, None, LabelsSeen]:
        columns: tuple[str, ...] = ()
        of_classes: tuple[str, ...] = ()
        chosen = source.columns
        key = (file, digest_of_file(file))
        yield
        try:
            if self._table is None or self._table[0] != key:
                self._table = key, read_label_file(file)
            read = self._table[1]
            table = named(read, found.index)
            columns = table.columns
            chosen = completed(chosen, table, found.index)
            of_classes = class_columns(table, chosen.photo, chosen.split)
            yield
            labelled = label_photos(source, found, read)
        except TrainerError as error:
            return LabelsSeen(columns, chosen, of_classes, error=error)
        chosen = labelled.source.columns
        return LabelsSeen(columns, chosen, of_classes, labelled=labelled, error=labelled.error)

    def _of_names(self, source: LabelSource, found: FoundPhotos) -> LabelsSeen:
        places = [photo.relative_to(found.index.root) for photo in found.index.photos]
        if self._patterns is None or self._patterns[0] is not found:
            self._patterns = found, tuple(propose_patterns(places))
        patterns = self._patterns[1]
        pattern = source.pattern or next(iter(patterns), "")
        try:
            labelled = label_photos(source, found)
        except TrainerError as error:
            names = _taken_apart(places, pattern)
            return LabelsSeen(patterns=patterns, pattern=pattern, names=names, error=error)
        return LabelsSeen(
            patterns=patterns,
            pattern=pattern,
            names=_taken_apart(places, pattern),
            labelled=labelled,
            error=labelled.error,
        )


def _taken_apart(
    places: Sequence[PurePath], pattern: str
) -> tuple[tuple[str, NameParts | None], ...]:
    try:
        parts_of = NamePattern(pattern).parts_of
    except TrainerError:
        parts_of = _nothing
    some = places[:: max(1, len(places) // _SHOWN)][:_SHOWN]
    return tuple((unicodedata.normalize("NFC", p.as_posix()), parts_of(p)) for p in some)


def _nothing(place: PurePath) -> NameParts | None:
    return None
