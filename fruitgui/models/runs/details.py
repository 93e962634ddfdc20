"""All about one training run, on the Models page."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.formats import display_device
from fruitgui.i18n.recipe_texts import ChoiceTexts
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.i18n.run_texts import RunRow, RunTexts
from fruitgui.models.runs.curves import RunCurves
from fruitgui.models.runs.figures import NOTHING, RunFigures
from fruitgui.models.runs.note_field import NoteField
from fruitgui.models.runs.overlaid_curves import RunCurve
from fruitgui.models.runs.read_runs import RunFiles
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.scroll_area import ScrollArea
from trainer.config.presets import PRESETS, differing_choices, nearest_preset
from trainer.config.recipe import Recipe

_LONGEST_NAME = 120
_MILLISECONDS_BEFORE_KEEPING = 1000
"""Without another key in so long, what was typed is kept, wherever the focus is."""
_FIGURES = (
    ("validation",),
    ("test",),
    ("gap", "macro_f1"),
    ("best_epoch", "ece"),
    ("time",),
    ("model",),
)
"""What stands beside one another."""
_CAN_GO_ON = {"interrupted", "stopped", "failed"}


class RunDetails(Retranslated, Panel):
    """A run's name and note, its figures, curves and choices, and what can be done with it.

    Signals:
        described(str, dict): the user names or notes the run of this id, as for ``set_details``.
        star_clicked(RunRow)
        name_left(): Return or Escape was pressed in the name.
        recipe_opened(Recipe, Path): train with this recipe on these photos.
        evaluation_wanted(Path, Path): see how this model does on these photos.
        model_chosen(Path): use this model.
        report_wanted(Path), continuation_wanted(Path): of the run in this folder.
        deletion_wanted(), restoration_wanted(): of the run shown.
    """

    described = Signal(str, object)
    star_clicked = Signal(object)
    name_left = Signal()
    recipe_opened = Signal(object, object)
    evaluation_wanted = Signal(object, object)
    model_chosen = Signal(object)
    report_wanted = Signal(object)
    continuation_wanted = Signal(object)
    deletion_wanted = Signal()
    restoration_wanted = Signal()

    def __init__(
        self, texts: RunTexts, choices: ChoiceTexts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._choices = choices
        self._figures = RunFigures(texts, self)
        self._row: RunRow | None = None
        self._files: RunFiles | None = None
        self._in_use: Path | None = None
        self._keeping = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE_KEEPING)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.name = QLineEdit(maxLength=_LONGEST_NAME)
        self.star = IconButton("star", "flat")
        self.star.setCheckable(True)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.name, 1)
        top.addWidget(self.star)
        self._state = label("caption", wrapped=True)
        self._note_name = label("field")
        self.note = NoteField()
        self._note_name.setBuddy(self.note)
        self.curves = RunCurves()
        self._choices_name = label("field")
        self._choices_text = label("muted", wrapped=True)
        self._folder_name = label("field")
        self._folder = label("caption", wrapped=True)
        self._folder.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

        content = QWidget()
        content.setObjectName("content")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.SPACE, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(top)
        column.addWidget(self._state)
        column.addLayout(self._build_figures())
        column.addWidget(self._note_name)
        column.addWidget(self.note)
        column.addWidget(self.curves)
        for widget in (*(self._choices_name, self._choices_text, self._folder_name, self._folder),):
            # What cannot be broken is cut, and not the whole column made wider.
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            column.addWidget(widget)
        column.addStretch()
        self._scroll = ScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        self.column.setContentsMargins(16, 16, 8, 16)
        self.column.addWidget(self._scroll, 1)
        self.column.addLayout(self._build_buttons())

    def _build_figures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * theme.SPACE)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._figure_labels: dict[str, tuple[QLabel, QLabel]] = {}
        for number, keys in enumerate(_FIGURES):
            for place, key in enumerate(keys):
                name, value = label("muted"), QLabel(textFormat=Qt.TextFormat.PlainText)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(name, number, 2 * place)
                grid.addWidget(value, number, 2 * place + 1, 1, 1 if len(keys) > 1 else 3)
                self._figure_labels[key] = (name, value)
        return grid

    def _build_buttons(self) -> QVBoxLayout:
        self.go_on = IconButton("play")
        self.restore = IconButton("undo", "primary")
        self.use = IconButton("check", "primary")
        self.evaluate = IconButton("classify")
        self.open = IconButton("train")
        self.report = IconButton("export")
        self.delete = IconButton("trash", "flat")
        rows = QVBoxLayout()
        rows.setContentsMargins(0, 0, theme.SPACE, 0)
        rows.setSpacing(theme.SPACE)
        rows.addWidget(self.go_on)
        rows.addWidget(self.restore)
        for buttons in ((self.use, self.evaluate), (self.open, self.report, self.delete)):
            row = QHBoxLayout()
            row.setSpacing(theme.SPACE)
            for button in buttons:
                row.addWidget(button, 0 if button is self.delete else 1)
            rows.addLayout(row)
        return rows

    def _connect(self) -> None:
        self._keeping.timeout.connect(self.commit)
        self.name.textEdited.connect(self._keeping.start)
        self.name.editingFinished.connect(self.commit)
        self.name.returnPressed.connect(self.name_left)
        self.note.textChanged.connect(self._on_note_changed)
        self.note.left.connect(self.commit)
        self.star.clicked.connect(self._on_star_clicked)
        self.go_on.clicked.connect(self._on_go_on)
        self.use.clicked.connect(self._on_use)
        self.evaluate.clicked.connect(self._on_evaluate)
        self.open.clicked.connect(self._on_open)
        self.report.clicked.connect(self._on_report)
        self.delete.clicked.connect(self.deletion_wanted)
        self.restore.clicked.connect(self.restoration_wanted)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.name)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(self._on_name_escaped)

    # What is shown

    @property
    def run(self) -> str:
        """The id of the run shown; empty for none."""
        return self._row.id if self._row else ""

    def show_run(self, row: RunRow) -> None:
        """Show what the table knows of a run. What was typed for the one before is kept first, and
        what is being typed for this one stays."""
        if row.id != self.run:
            self.commit()
            self._files = None
            self.name.setText(row.record.name)
            self.note.setPlainText(row.record.note)
            self._set_unmodified()
            self._scroll.verticalScrollBar().setValue(0)
            self.curves.show_runs(())
        self._row = row
        # Kept texts may come back with their ends trimmed, or changed by another window.
        name, note = row.record.name, row.record.note
        is_idle = not self.name.hasFocus() and not self.name.isModified()
        if is_idle and self.name.text() != name:
            self.name.setText(name)
        is_idle = not self.note.hasFocus() and not self.note.document().isModified()
        if is_idle and self.note.toPlainText() != note:
            self.note.setPlainText(note)
        self._describe()

    def show_files(self, files: RunFiles) -> None:
        """Show the rest, of the run shown."""
        self._files = files
        self.curves.show_runs([RunCurve("", files.epochs)])
        self._describe()

    def show_in_use(self, model: Path) -> None:
        """The model in use is not offered for use."""
        self._in_use = model
        if self._row is not None:
            self._show_buttons(self._row)

    def _describe(self) -> None:
        row = self._row
        if row is None:
            return
        record, files = row.record, self._files
        self.name.setPlaceholderText(self._texts.own_title(record))
        self._draw_star()
        device = display_device(record.device)
        state = " · ".join(
            filter(None, (self._texts.state(row.state), self._texts.date(record), device))
        )
        lines = [state, self.tr("Photos: {path}").format(path=record.data)]
        if row.state in {"failed", "diverged", "interrupted"}:
            lines.insert(1, self._texts.explanation(row))
        self._state.setText("\n".join(lines))
        figures = {
            key: f"{figure.text}  ({figure.spread})" if figure.spread else figure.text
            for key, figure in self._figures.of(record, files).items()
        }
        figures["model"] = self._figures.model(record)
        for key, (name, value) in self._figure_labels.items():
            value.setText(figures[key])
            for widget in (name, value):
                widget.setHidden(figures[key] in ("", NOTHING.text))
        self._choices_text.setText(self._choices_in_words(record.recipe))
        self._folder.setText(str(record.folder))
        self._show_buttons(row)

    def _show_buttons(self, row: RunRow) -> None:
        files = self._files
        has_model = files is not None and files.has_model
        is_idle = row.state != "running"
        for button in (self.use, self.evaluate, self.report, self.delete):
            button.setHidden(row.is_trashed)
        self.restore.setVisible(row.is_trashed)
        self.go_on.setVisible(not row.is_trashed and row.state in _CAN_GO_ON)
        self.go_on.setEnabled(files is not None and files.is_there)
        for button in (self.evaluate, self.report):
            button.setEnabled(has_model)
        self.use.setEnabled(has_model and row.record.model_file != self._in_use)
        self.delete.setEnabled(is_idle)

    def _choices_in_words(self, recipe: Recipe) -> str:
        preset = nearest_preset(recipe)
        both = (recipe, PRESETS[preset])
        title = self._choices.preset(preset)
        names = self._choices.names()
        lines = []
        for choice in differing_choices(*both):
            ours, theirs = self._choices.values(choice, both)
            lines.append(
                self.tr("{choice}: {value} instead of {other}").format(
                    choice=names[choice], value=ours, other=theirs
                )
            )
        if not lines:
            return self.tr("Same as the preset “{name}”.").format(name=title)
        return "\n".join((self.tr("Preset “{name}”, except:").format(name=title), *lines))

    def _draw_star(self) -> None:
        is_starred = self._row is not None and self._row.record.is_starred
        self.star.setChecked(is_starred)
        self.star.set_icon("star-filled" if is_starred else "star")
        text = self.tr("Remove the star") if is_starred else self.tr("Star")
        self.star.setToolTip(text)
        self.star.setAccessibleName(text)

    # What the user says

    def edit_name(self) -> None:
        """Let the user type another name."""
        self._scroll.ensureWidgetVisible(self.name)
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name.selectAll()

    @Slot()
    def commit(self) -> None:
        """Tell what was typed since the last time."""
        self._keeping.stop()
        if self._row is None:
            return
        details = {}
        if self.name.isModified():
            details["name"] = self.name.text().strip()
        if self.note.document().isModified():
            details["note"] = self.note.toPlainText().strip()
        self._set_unmodified()
        record = self._row.record
        said = {"name": record.name, "note": record.note}
        if any(said[key] != value for key, value in details.items()):
            self.described.emit(self._row.id, details)

    def _set_unmodified(self) -> None:
        self.name.setModified(False)
        self.note.document().setModified(False)

    @Slot()
    def _on_note_changed(self) -> None:
        if self.note.document().isModified():
            self._keeping.start()

    @Slot()
    def _on_name_escaped(self) -> None:
        if self._row is not None:
            self.name.setText(self._row.record.name)
            self.name.setModified(False)
        self.name_left.emit()

    @Slot()
    def _on_star_clicked(self) -> None:
        if self._row is not None:
            self.star_clicked.emit(self._row)

    # What the user wants

    @Slot()
    def _on_go_on(self) -> None:
        if self._row is not None:
            self.continuation_wanted.emit(self._row.record.folder)

    @Slot()
    def _on_use(self) -> None:
        if self._row is not None:
            self.model_chosen.emit(self._row.record.model_file)

    @Slot()
    def _on_evaluate(self) -> None:
        if self._row is not None:
            self.evaluation_wanted.emit(self._row.record.model_file, self._row.record.data)

    @Slot()
    def _on_open(self) -> None:
        if self._row is not None:
            self.recipe_opened.emit(self._row.record.recipe, self._row.record.data)

    @Slot()
    def _on_report(self) -> None:
        if self._row is not None:
            self.report_wanted.emit(self._row.record.folder)

    def retranslate(self) -> None:
        self.name.setAccessibleName(self.tr("Name of the run"))
        self.name.setToolTip(self.tr("Name of the run (F2)"))
        self._note_name.setText(self.tr("NOTE"))
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setPlaceholderText(self.tr("Notes on this run"))
        self._choices_name.setText(self.tr("SETTINGS"))
        self._folder_name.setText(self.tr("FOLDER"))
        for key, (name, help_text) in self._figures.names().items():
            for widget, text in zip(self._figure_labels[key], (name, ""), strict=True):
                widget.setToolTip(help_text)
                if text:
                    widget.setText(text)
        self._figure_labels["model"][0].setText(self.tr("Model"))
        self.go_on.setText(self.tr("Continue training"))
        self.restore.setText(self.tr("Restore"))
        self.use.setText(self.tr("Use this model"))
        self.evaluate.setText(self.tr("Evaluate"))
        self.open.setText(self.tr("Open in Train"))
        self.report.setText(self.tr("Report…"))
        delete = self.tr("Move to the trash (Delete)")
        self.delete.setToolTip(delete)
        self.delete.setAccessibleName(delete)
        self._describe()
