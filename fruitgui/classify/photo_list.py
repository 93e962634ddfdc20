"""The photos on the Classify page, what is known of each, and in which order they are shown."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.errors import translated
from fruitgui.i18n.photo_names import photo_name
from fruitgui.widgets import tool_tip
from trainer.data.particles import with_particles
from trainer.data.zips import shown
from trainer.errors import TrainerError
from trainer.inference.prediction import Answer, Prediction

_Index = QModelIndex | QPersistentModelIndex
Order = Literal["added", "label", "unsure", "sure", "name"]
Shown = Literal["all", "unsure", "corrected", "relabelled"]


@dataclass(slots=True)
class PhotoEntry:
    """A photo, and its answer once there is one."""

    path: Path
    number: int
    """When it was added, among all photos."""
    answer: Answer | None = None
    """What the model says, by the threshold in use."""
    correction: str | None = None
    """What the user says."""
    twins: list[Path] = field(default_factory=list)
    """Files that hold the very same photo."""
    is_waiting: bool = True
    """Whether an answer is still to come."""
    was_answered: bool = False
    """Whether there has been an answer, be it another model's."""
    is_cut_off: bool = False
    """Whether the end of its file is missing."""
    error: TrainerError | None = None
    """Why it cannot be read any more, though it could."""
    label_before: str | None = None
    """What the model found most probable before the last lesson, where that changed it."""

    @property
    def label(self) -> str | None:
        """What the photo counts as; None where it waits, or the model is not sure."""
        return self.correction or (self.answer.label if self.answer else None)

    @property
    def is_confirmed(self) -> bool:
        """Whether the user says what the model finds most probable."""
        return self.answer is not None and self.correction == self.answer.top[0].label

    @property
    def is_relabelled(self) -> bool:
        """Whether the last lesson changed its label, and the user has not said what it is."""
        return self.label_before is not None and self.correction is None

    @property
    def is_unsure(self) -> bool:
        return self.correction is None and self.answer is not None and self.answer.unknown


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, and why."""

    path: Path
    error: TrainerError


@dataclass(frozen=True, slots=True)
class Filter:
    """Which photos are shown."""

    shown: Shown = "all"
    label: str | None = None
    """Only those that count as this class; None for every class."""

    def lets_through(self, entry: PhotoEntry) -> bool:
        if self.label is not None and entry.label != self.label:
            return False
        if self.shown == "unsure":
            return entry.is_unsure
        if self.shown == "relabelled":
            return entry.is_relabelled
        return self.shown == "all" or entry.correction is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many photos there are of each sort."""

    photos: int
    answered: int
    """Those that wait for no answer."""
    unsure: int
    corrected: int
    relabelled: int
    """Those whose label the last lesson changed, and that nobody has labelled."""
    twins: int
    """Files that hold the very same photo as another, and are not counted among the photos."""
    of_label: Mapping[str, int]
    """By class, the most frequent first."""


class PhotoList(QAbstractListModel):
    """The photos that the filter lets through, one row each, in the chosen order.

    The same photo is there once. A photo that cannot be read leaves the list for
    :attr:`unreadable`.
    """

    EntryRole = Qt.ItemDataRole.UserRole
    """A row's :class:`PhotoEntry`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[Path, PhotoEntry] = {}
        self._rows: list[PhotoEntry] = []
        self._row_of: dict[Path, int] = {}
        self._added = 0
        self._order: Order = "added"
        self._filter = Filter()
        self._threshold: float | None = None
        self._path_of_digest: dict[str, Path] = {}
        self._twin_paths: set[Path] = set()
        self._labels_before: Mapping[Path, str] = {}
        self.unreadable: dict[Path, Unreadable] = {}

    # What there is

    @property
    def paths(self) -> list[Path]:
        """Of all photos, whatever is shown, in the order in which they were added."""
        return list(self._entries)

    @property
    def entries(self) -> list[PhotoEntry]:
        """All photos, whatever is shown, in the order in which they were added."""
        return list(self._entries.values())

    @property
    def answered(self) -> int:
        """How many photos wait for no answer."""
        return sum(not entry.is_waiting for entry in self._entries.values())

    @property
    def filter(self) -> Filter:
        return self._filter

    @property
    def order(self) -> Order:
        return self._order

    def entry(self, row: int) -> PhotoEntry:
        """The photo that is shown in *row*."""
        return self._rows[row]

    def path_at(self, row: int) -> Path:
        return self._rows[row].path

    def entry_of(self, path: Path) -> PhotoEntry | None:
        return self._entries.get(path)

    def row_of(self, path: Path) -> int | None:
        """Where a photo is shown; None where it is not."""
        return self._row_of.get(path)

    def counts(self) -> Counts:
        """Count all photos, whatever is shown."""
        of_label: Counter[str] = Counter()
        answered = unsure = corrected = relabelled = 0
        # One pass in plain statements: it is done several times a second, over thousands.
        for entry in self._entries.values():
            answer, label = entry.answer, entry.correction
            answered += not entry.is_waiting
            relabelled += entry.is_relabelled
            if label is not None:
                corrected += 1
            elif answer is not None:
                label = answer.label
                unsure += label is None
            if label is not None:
                of_label[label] += 1
        return Counts(
            photos=len(self._entries),
            answered=answered,
            unsure=unsure,
            corrected=corrected,
            relabelled=relabelled,
            twins=len(self._twin_paths),
            of_label=dict(of_label.most_common()),
        )

    # What happens

    def add(self, photos: Iterable[Path]) -> list[Path]:
        """Take in those that are not there yet; returns them, and those that have no answer."""
        new: list[Path] = []
        again: list[Path] = []
        for path in photos:
            there = self._entries.get(path)
            if there is not None and there.answer is None and not there.is_waiting:
                # It was stopped before its answer came.
                there.is_waiting = True
                again.append(path)
            elif there is None and path not in self._twin_paths:
                # What could not be read may have been mended since.
                self.unreadable.pop(path, None)
                self._entries[path] = PhotoEntry(path, self._added)
                self._added += 1
                new.append(path)
        if self.is_plain:
            self._append([self._entries[path] for path in new])
        return new + again

    def set_predictions(self, predictions: Sequence[Prediction]) -> bool:
        """Note predictions; those of photos that have been removed are ignored. Returns whether
        the rows are no longer as order and filter want them: then call :meth:`arrange`."""
        gone = []
        for prediction in predictions:
            entry = self._entries.get(prediction.path)
            if entry is None:
                continue
            twin = self._twin_of(prediction)
            if prediction.error is not None and entry.was_answered:
                # What has been seen of it stays in sight.
                entry.answer, entry.error, entry.is_waiting = None, prediction.error, False
                self.refresh(entry.path)
            elif prediction.error is not None:
                self.unreadable[entry.path] = Unreadable(entry.path, prediction.error)
                gone.append(entry.path)
            elif twin is not None:
                # It may be answered twice, where the model changed meanwhile.
                if entry.path not in twin.twins:
                    twin.twins.append(entry.path)
                twin.correction = twin.correction or entry.correction
                self._twin_paths.add(entry.path)
                gone.append(entry.path)
            else:
                entry.answer = self._judged(prediction.answer)
                entry.is_waiting, entry.was_answered, entry.error = False, True, None
                entry.is_cut_off = prediction.is_cut_off
                self.refresh(entry.path)
        if gone:
            self.remove(gone)
        return not self.is_plain

    def _twin_of(self, prediction: Prediction) -> PhotoEntry | None:
        """The photo that is there already with the same content."""
        if not prediction.digest:
            return None
        first = self._path_of_digest.setdefault(prediction.digest, prediction.path)
        entry = self._entries.get(first)
        if entry is None or first == prediction.path:
            self._path_of_digest[prediction.digest] = prediction.path
            return None
        return entry

    def forget_answers(self) -> None:
        """Let every photo wait for an answer again."""
        for entry in self._entries.values():
            entry.answer, entry.is_waiting = None, True
        self._refresh_all()

    def set_threshold(self, threshold: float | None) -> None:
        """Judge by another threshold which answers are *not sure*; None for the model's own."""
        self._threshold = threshold
        if threshold is not None:
            for entry in self._entries.values():
                entry.answer = self._judged(entry.answer)
            self._refresh_all()

    def set_corrections(self, labels: Mapping[Path, str | None]) -> None:
        """Note what the user says; None forgets it. Rows stay where they are until
        :meth:`arrange`, so that one can go on with the next photo."""
        for path, label in labels.items():
            entry = self._entries.get(path)
            if entry is not None:
                entry.correction = label
                self.refresh(path)

    def set_labels_before(self, labels: Mapping[Path, str]) -> None:
        """Note what photos were taken for before a lesson that changed it; of all others, that
        nothing was changed. Where it is of all, all photos are shown again."""
        self._labels_before = dict(labels)
        for path, entry in self._entries.items():
            before = labels.get(path)
            if before != entry.label_before:
                entry.label_before = before
                self.refresh(path)
        if self._filter.shown == "relabelled" and not labels:
            self.set_filter(Filter())

    def remove(self, photos: Iterable[Path]) -> list[PhotoEntry]:
        """Take photos out of the list; their files stay. Returns what :meth:`put_back` takes."""
        gone = [entry for path in photos if (entry := self._entries.pop(path, None)) is not None]
        self._twin_paths -= {twin for entry in gone for twin in entry.twins}
        if not self._entries:
            self._path_of_digest.clear()  # Those that return are answered again.
        rows = [row for entry in gone if (row := self._row_of.get(entry.path)) is not None]
        if len(rows) == 1:
            self.beginRemoveRows(QModelIndex(), rows[0], rows[0])
            del self._rows[rows[0]]
            self._number_rows()
            self.endRemoveRows()
        elif rows:
            removed = {entry.path for entry in gone}
            self._show([entry for entry in self._rows if entry.path not in removed])
        return gone

    def put_back(self, entries: Iterable[PhotoEntry]) -> None:
        """Show removed photos again, where they were."""
        for entry in entries:
            self._entries[entry.path] = entry
            entry.label_before = self._labels_before.get(entry.path)
            self._twin_paths.update(entry.twins)
        in_order = sorted(self._entries.values(), key=lambda entry: entry.number)
        self._entries = {entry.path: entry for entry in in_order}
        self._show(self._arranged())

    def stop_waiting(self) -> None:
        """No more answers come: photos that never had any leave the list, unless they are labelled
        by the user."""
        waiting = [entry for entry in self._entries.values() if entry.is_waiting]
        for entry in waiting:
            entry.is_waiting = False
        self.remove(
            entry.path for entry in waiting if not entry.was_answered and entry.correction is None
        )
        self._refresh_all()

    # How it is shown

    def set_order(self, order: Order) -> None:
        self._order = order
        self.arrange()

    def set_filter(self, wanted: Filter) -> None:
        self._filter = wanted
        self.arrange()

    def arrange(self) -> None:
        """Show the rows as order and filter want them: the model is reset, if that changes them.
        Views keep their selection by paths."""
        self._show(self._arranged())

    def refresh(self, path: Path) -> None:
        """Have the photo's row painted again."""
        row = self._row_of.get(path)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _refresh_all(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    @property
    def is_plain(self) -> bool:
        """Whether all photos are shown as they were added."""
        return self._order == "added" and self._filter == Filter()

    def _judged(self, answer: Answer | None) -> Answer | None:
        if answer is None or self._threshold is None:
            return answer
        return answer.with_threshold(self._threshold)

    def _arranged(self) -> list[PhotoEntry]:
        shown = [entry for entry in self._entries.values() if self._filter.lets_through(entry)]
        key = _SORT_KEYS[self._order]
        return shown if key is None else sorted(shown, key=key)

    def _append(self, entries: list[PhotoEntry]) -> None:
        if not entries:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(entries) - 1)
        self._rows += entries
        for row, entry in enumerate(entries, start=first):
            self._row_of[entry.path] = row
        self.endInsertRows()

    def _show(self, entries: list[PhotoEntry]) -> None:
        if entries == self._rows:
            return
        # Not a change of layout: that may not take rows away.
        self.beginResetModel()
        self._rows = entries
        self._number_rows()
        self.endResetModel()

    def _number_rows(self) -> None:
        self._row_of = {entry.path: row for row, entry in enumerate(self._rows)}

    # What Qt asks for

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        match role:
            case self.EntryRole:
                return entry
            case Qt.ItemDataRole.DisplayRole:
                return photo_name(entry.path)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip.plain(self._described(entry))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(entry)
        return None

    def _spoken(self, entry: PhotoEntry) -> str:
        name, answer = photo_name(entry.path), entry.answer
        if entry.correction is not None:
            label = display_name(entry.correction)
            if entry.is_confirmed:
                return self.tr("{name}: {label}, confirmed").format(name=name, label=label)
            return self.tr("{name}: {label}, corrected").format(name=name, label=label)
        if entry.error is not None:
            return f"{name}: {translated(entry.error)}"
        if answer is None:
            return self.tr("{name}: waiting").format(name=name) if entry.is_waiting else name
        label = display_name(answer.top[0].label)
        if answer.label is None:
            return self.tr("{name}: not sure, perhaps {label}").format(name=name, label=label)
        return f"{name}: {label}, {answer.confidence:.0%}"

    def _described(self, entry: PhotoEntry) -> str:
        """The file, and the class as it is called here and as the data set names it."""
        lines = [shown(path) for path in (entry.path, *entry.twins[:3])]
        if entry.correction is not None:
            text = self.tr("Corrected to “{label}”").format(label=entry.correction)
            lines.append(with_particles(text))
        if entry.is_cut_off:
            lines.append(self.tr("The file is cut off; the end of the photo is missing."))
        if entry.error is not None:
            lines.append(translated(entry.error))
        if entry.answer is not None:
            top = entry.answer.top[0]
            name = display_name(top.label)
            both = name if name == top.label else f"{name} ({top.label})"
            lines.append(f"{both} {top.probability:.1%}")
        if entry.label_before is not None:
            text = self.tr("Most probable before teaching: {label}")
            lines.append(text.format(label=display_name(entry.label_before)))
        return "\n".join(lines)


def _by_label(entry: PhotoEntry) -> tuple[int, str, float]:
    """Named classes in order, the surest first; then what is not sure; then what waits."""
    label = entry.label
    confidence = entry.answer.confidence if entry.answer else 0.0
    if label is not None:
        return 0, display_name(label).casefold(), -confidence
    return (1 if entry.answer else 2), "", -confidence


def _confidence(entry: PhotoEntry) -> tuple[int, float]:
    """What waits comes last."""
    if entry.answer is None:
        return 2, 0.0
    return 0 if entry.is_unsure else 1, entry.answer.confidence


def _surest_first(entry: PhotoEntry) -> tuple[int, float]:
    group, confidence = _confidence(entry)
    return (2 if entry.answer is None else 1 - group), -confidence


def _by_name(entry: PhotoEntry) -> tuple[str, int]:
    return entry.path.name.casefold(), entry.number


_SORT_KEYS: dict[Order, Callable[[PhotoEntry], Any] | None] = {
    "added": None,
    "label": _by_label,
    "unsure": _confidence,
    "sure": _surest_first,
    "name": _by_name,
}
