"""The Evaluate view's charts: what a model's answers come to, and a way to the photos behind."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.evaluation.class_table import ClassReportTable
from fruitgui.models.evaluation.confusion_matrix import ConfusionMatrix
from fruitgui.models.evaluation.evaluate_model import EvaluatedModel
from fruitgui.models.evaluation.photo_selection import PhotoSelection
from fruitgui.models.evaluation.rejection_curve import RejectionChart
from fruitgui.models.evaluation.reliability_diagram import ReliabilityDiagram
from fruitgui.models.evaluation.synonyms import SynonymEditor
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.segmented import Segmented

_CHARTS = ("matrix", "classes", "reliability", "rejection", "synonyms")


class EvaluationCharts(Retranslated, Panel):
    """One chart at a time.

    Signals:
        photos_wanted(PhotoSelection): a cell, a class or a bar was chosen.
        groups_changed(Groups): the user's groups of synonyms.
    """

    photos_wanted = Signal(object)
    groups_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluated: EvaluatedModel | None = None
        self.choice = Segmented(is_dense=True)
        self.matrix = ConfusionMatrix()
        self._order = ComboBox()
        self._hides_right = QCheckBox()
        self.classes = ClassReportTable(self)
        self._sorted = QSortFilterProxyModel(self)
        self.class_table = QTableView()
        self.reliability = ReliabilityDiagram()
        self._reliability_text = label("caption", wrapped=True)
        self.rejection = RejectionChart()
        self._rejection_text = label("caption", wrapped=True)
        self.synonyms = SynonymEditor()
        self._pages = PageStack()
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.column.setContentsMargins(12, 12, 12, 12)
        for key in _CHARTS:
            self.choice.add(key)
        top = QHBoxLayout()
        top.addWidget(self.choice)
        top.addStretch()
        self.column.addLayout(top)
        self.column.addWidget(self._pages, 1)

        for key in ("name", "confusion"):
            self._order.addItem("", key)
        options = QHBoxLayout()
        options.setSpacing(2 * theme.SPACE)
        options.addWidget(self._order)
        options.addWidget(self._hides_right)
        options.addStretch()
        self._pages.addWidget(_page(options, self.matrix))

        self._sorted.setSourceModel(self.classes)
        self._sorted.setSortRole(ClassReportTable.SortRole)
        self.class_table.setModel(self._sorted)
        self.class_table.setSortingEnabled(True)
        self.class_table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
        self.class_table.verticalHeader().hide()
        self.class_table.setShowGrid(False)
        self.class_table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.class_table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        header = self.class_table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self._pages.addWidget(self.class_table)
        self._pages.addWidget(_page(self._reliability_text, self.reliability))
        self._pages.addWidget(_page(self._rejection_text, self.rejection))
        self._pages.addWidget(self.synonyms)

    def _connect(self) -> None:
        self.choice.chosen.connect(self.show_chart)
        self._order.activated.connect(self._on_order_chosen)
        self._hides_right.toggled.connect(self.matrix.set_hides_right)
        self.matrix.cell_chosen.connect(self._on_cell_chosen)
        self.matrix.class_chosen.connect(self._on_class_chosen)
        self.matrix.answer_chosen.connect(self._on_answer_chosen)
        self.class_table.clicked.connect(self._on_class_row_chosen)
        self.class_table.activated.connect(self._on_class_row_chosen)
        self.reliability.bin_chosen.connect(self._on_bin_chosen)
        self.synonyms.groups_changed.connect(self.groups_changed)

    @Slot(str)
    def show_chart(self, key: str) -> None:
        """Turn to a chart, by its key."""
        self.choice.choose(key)
        self._pages.setCurrentIndex(_CHARTS.index(key))

    def show_evaluation(self, evaluated: EvaluatedModel) -> None:
        """Show what a model's answers come to."""
        before, self._evaluated = self._evaluated, evaluated
        evaluation = evaluated.evaluation
        shown = None if before is None else before.evaluation
        if shown is None or (shown.classes, shown.confusion) != (
            evaluation.classes,
            evaluation.confusion,
        ):
            # Else a zoomed matrix would be fitted anew.
            self.matrix.show_matrix(evaluation.classes, evaluation.confusion)
        self.classes.show_evaluation(evaluation)
        self.reliability.show_bins(evaluation.reliability)
        curve = evaluation.rejection
        self.rejection.show_points(
            curve.thresholds, curve.accuracy, curve.answered, evaluation.threshold
        )
        self.synonyms.show_evaluation(evaluated)
        self._describe()

    def mark(self, selection: PhotoSelection) -> None:
        """Mark in the matrix what photos are looked at."""
        if selection.kind == "cell":
            self.matrix.select(selection.label, selection.answer)
        else:
            self.matrix.clear_selection()

    def _describe(self) -> None:
        if self._evaluated is None:
            return
        evaluation = self._evaluated.evaluation
        self._reliability_text.setText(
            self.tr(
                "On the diagonal, answers are right as often as their confidence says. On "
                "average they are {error} off (expected calibration error). Click a bar to see "
                "its photos."
            ).format(error=f"{evaluation.ece:.1%}")
        )
        answered = float((evaluation.familiarity >= evaluation.threshold).mean())
        self._rejection_text.setText(
            self.tr(
                "Photos that look unfamiliar are called “not sure”, however confident the "
                "answer. The model answers {answered} of these photos; further to the right it "
                "would answer fewer."
            ).format(answered=f"{answered:.1%}")
        )

    @Slot()
    def _on_order_chosen(self) -> None:
        self.matrix.set_order("name" if self._order.currentData() == "name" else "confusion")

    @Slot(str, str)
    def _on_cell_chosen(self, label_: str, answer: str) -> None:
        self.photos_wanted.emit(PhotoSelection("cell", label_, answer))

    @Slot(str)
    def _on_class_chosen(self, name: str) -> None:
        self.photos_wanted.emit(PhotoSelection("cell", label=name))

    @Slot(str)
    def _on_answer_chosen(self, name: str) -> None:
        self.photos_wanted.emit(PhotoSelection("cell", answer=name))

    @Slot(QModelIndex)
    def _on_class_row_chosen(self, index: QModelIndex) -> None:
        name = self.classes.class_at(self._sorted.mapToSource(index).row())
        self.photos_wanted.emit(PhotoSelection("cell", label=name))

    @Slot(int)
    def _on_bin_chosen(self, number: int) -> None:
        self.photos_wanted.emit(PhotoSelection("bin", bin=number))

    def retranslate(self) -> None:
        for key, text in zip(
            _CHARTS,
            (
                self.tr("Matrix"),
                self.tr("Classes"),
                self.tr("Confidence"),
                self.tr("Not sure"),
                self.tr("Synonyms"),
            ),
            strict=True,
        ):
            self.choice.set_text(key, text)
        for row, text in enumerate((self.tr("By name"), self.tr("By confusion"))):
            self._order.setItemText(row, text)
        self._order.setAccessibleName(self.tr("Order of the classes"))
        self._order.setToolTip(
            self.tr("By confusion: classes that are mistaken for each other stand side by side")
        )
        self._hides_right.setText(self.tr("Only classes with mistakes"))
        self.class_table.setAccessibleName(self.tr("Classes"))
        self.classes.headerDataChanged.emit(
            Qt.Orientation.Horizontal, 0, ClassReportTable.COLUMNS - 1
        )
        if self._evaluated is not None:
            self.classes.show_evaluation(self._evaluated.evaluation)
        self._describe()


def _page(top: QHBoxLayout | QWidget, below: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 4, 0, 0)
    column.setSpacing(theme.SPACE)
    if isinstance(top, QWidget):
        column.addWidget(top)
    else:
        column.addLayout(top)
    column.addWidget(below, 1)
    return page
