"""The Evaluate view's sentence of what came of it, and of what has changed since another model."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.errors import translated
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.evaluation.evaluate_model import EvaluatedModel
from fruitgui.widgets import tool_tip
from fruitgui.widgets.folding import FoldingRow
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.wrapped_label import WrappedLabel
from trainer.experiments.comparison_choice import paired_outcomes
from trainer.metrics.significance import LEVEL, mcnemar

_TEXT_WIDTH = 380
"""Pixels at a text size of 100%: with less, what is beside the texts goes below them."""


class EvaluationSummary(Retranslated, theme.Scaled, QWidget):
    """Shows figures; beside them, what to hold them against, and the way to train again.

    Signals:
        training_wanted(): on the same photos.
    """

    training_wanted = Signal()

    def __init__(self, before: QComboBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluated: EvaluatedModel | None = None
        self._before: EvaluatedModel | None = None
        self._split_text: Callable[[str], str] = str
        self.figures = WrappedLabel("heading")
        self.details = WrappedLabel("caption")
        self.matching = WrappedLabel("caption")
        self.train_again = IconButton("train")
        self._texts = QWidget()
        column = QVBoxLayout(self._texts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for text in (self.figures, self.details, self.matching):
            column.addWidget(text)
        controls = QWidget()
        row = QHBoxLayout(controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(before)
        row.addWidget(self.train_again)
        controls.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(FoldingRow(self._texts, controls, shares=(1, 0)))
        self.scale()
        self.train_again.clicked.connect(self.training_wanted)
        self.retranslate()

    def scale(self) -> None:
        self._texts.setMinimumWidth(theme.scaled(_TEXT_WIDTH))

    def show_evaluation(
        self,
        evaluated: EvaluatedModel,
        before: EvaluatedModel | None,
        split_text: Callable[[str], str],
    ) -> None:
        """Args:
        before: what another model made of the same photos.
        split_text: what a split is called.
        """
        self._evaluated, self._before, self._split_text = evaluated, before, split_text
        self._describe()

    def _describe(self) -> None:
        if self._evaluated is None:
            return
        evaluation = self._evaluated.evaluation
        low, high = evaluation.interval
        self.figures.setText(
            self.tr("Accuracy {accuracy} ({low} to {high}) on {count} photos").format(
                accuracy=f"{evaluation.accuracy:.1%}",
                low=f"{low:.1%}",
                high=f"{high:.1%}",
                count=f"{evaluation.n:,}",
            )
        )
        parts = []
        if self._before is not None:
            parts.append(self._difference(self._before))
        parts.append(self._split_text(self._evaluated.split))
        parts.append(self.tr("macro F1 {value}").format(value=f"{evaluation.macro_f1:.3f}"))
        parts.append(self.tr("calibration error {value}").format(value=f"{evaluation.ece:.3f}"))
        doubles = self._evaluated.doubles
        rest = evaluation.selected(np.array([path not in doubles for path in evaluation.paths]))
        if doubles and rest.n:
            text = self.tr(
                "{accuracy} without %n that are nearly the same as training photos",
                "",
                len(doubles),
            )
            parts.append(text.format(accuracy=f"{rest.accuracy:.1%}"))
        elif doubles:
            parts.append(
                self.tr("all of them are the same, or nearly the same, as training photos")
            )
        groups = self._evaluated.groups
        if groups:
            merged = evaluation.merged_right(groups) / evaluation.n
            parts.append(self.tr("{share} with synonyms merged").format(share=f"{merged:.1%}"))
        explained = []
        skipped = self._evaluated.skipped
        if skipped:
            parts.append(self.tr("%n photo(s) left out", "", len(skipped)))
            reasons = dict.fromkeys(translated(each.reason) for each in skipped)
            explained += list(reasons)[:12]
        explained += [
            self.tr("Macro F1: precision and recall in one, the mean over all classes."),
            self.tr(
                "Calibration error: how far the confidence is from the share of right answers."
            ),
        ]
        self.details.setToolTip(tool_tip.plain("\n".join(explained)))
        self.details.setText(" · ".join(parts))
        note = self._evaluated.matching_note
        self.matching.setText(translated(note) if note is not None else "")
        self.matching.setVisible(note is not None)

    def _difference(self, before: EvaluatedModel) -> str:
        assert self._evaluated is not None, "there is something to hold it against"
        now_right, before_right = paired_outcomes(self._evaluated.evaluation, before.evaluation)
        if not len(now_right):
            return self.tr("The other model knows none of these photos' classes.")
        if (now_right == before_right).all():
            return self.tr("the other model gets the very same photos right")
        probability = mcnemar(now_right, before_right)
        text = self.tr(
            "the other model {before}: {mended} newly right, {broken} newly wrong"
        ).format(
            before=f"{before_right.mean():.1%}",
            mended=int((now_right & ~before_right).sum()),
            broken=int((before_right & ~now_right).sum()),
        )
        verdict = (
            self.tr("more than chance, p {p}")
            if probability < LEVEL
            else self.tr("may be chance, p {p}")
        )
        p = f"= {probability:.2f}" if probability >= 0.01 else f"= {probability:.3f}"
        shown = verdict.format(p=p if probability >= 0.001 else "< 0.001")
        return f"{text} ({shown})"

    def retranslate(self) -> None:
        self.train_again.setText(self.tr("Train again"))
        self.train_again.setToolTip(
            self.tr("With these photos and your changes; afterwards you see what changed")
        )
        self._describe()
