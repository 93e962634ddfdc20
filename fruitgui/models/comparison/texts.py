"""What is said of a comparison: its rows, which to take and why, and how long it goes on."""

from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject

from fruitgui.i18n.recipe_texts import RecipeTexts
from fruitgui.models.comparison.list_comparisons import ListedComparison
from trainer.config.architectures import title_of
from trainer.config.recipe import Recipe
from trainer.experiments.comparison import Start
from trainer.experiments.comparison_table import Row, Table

FEW_PHOTOS = 50
"""With fewer held-out photos, an interval of 95% is wider than most models are apart."""


class ComparisonTexts(QObject):
    """The texts, in the language of the window at the moment that they are asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recipe = RecipeTexts(self)

    def network(self, start: Start) -> str:
        """A network, and what it starts from."""
        origins = {
            "imagenet": "ImageNet",
            "starter": self.tr("starter"),
            "none": self.tr("random"),
        }
        origin = origins.get(start.weights) or Path(start.weights).stem
        return f"{title_of(start.model)}, {origin}"

    def strategy(self, name: str) -> str:
        return self._recipe.fields()["strategy"].options[name][0]

    def row(self, row: Row) -> str:
        return f"{self.network(row.start)} · {self.strategy(row.strategy)}"

    def run(self, recipe: Recipe, has_seeds: bool) -> str:
        """One run.

        Args:
            has_seeds: whether runs differ by their seeds as well.
        """
        start = Start(recipe.model, recipe.weights)
        name = f"{self.network(start)} · {self.strategy(recipe.strategy)}"
        if not has_seeds:
            return name
        return self.tr("{name} · seed {seed}").format(name=name, seed=recipe.seed)

    def listed(self, item: ListedComparison) -> str:
        """A comparison, for the list of all."""
        comparison = item.comparison
        made = QDateTime.fromSecsSinceEpoch(int(comparison.created.timestamp()))
        return self.tr("{name} · {date} · {done} of {total} runs").format(
            name=comparison.data.name,
            date=QLocale().toString(made, QLocale.FormatType.ShortFormat),
            done=item.done_count,
            total=len(item.done),
        )

    def advice(self, table: Table) -> str:
        """Which row to take and why, as :func:`trainer.report.comparison.advice`; empty while
        nothing is measured."""
        if table.take is None or table.best is None:
            return ""
        sentences = {
            "single": self.tr("{name}: {accuracy}. There is no other model to compare with yet."),
            "clear": self.tr(
                "Recommended: {name}. {accuracy}: better than every other by more than chance."
            ),
            "cheaper": self.tr(
                "Recommended: {name}. {accuracy}. It may be as good as {best} "
                "({best_accuracy}), the best on the validation photos, and it is smaller, "
                "faster or quicker to train."
            ),
            "most_accurate": self.tr(
                "Recommended: {name}. {accuracy}. No other was better on the validation "
                "photos. Some others may be as good, but none that is smaller, faster or "
                "quicker to train is known to be about as accurate."
            ),
            "contradicted": self.tr(
                "Recommended with caution: {name}. {accuracy}, by more than chance better than "
                "{best} ({best_accuracy}), which was at least as good on the validation "
                "photos. The weights that {best} started from may have been trained on those "
                "photos, or the splits are unlike each other."
            ),
        }
        return sentences[table.reason or "single"].format(
            name=self.row(table.rows[table.take]),
            accuracy=self.accuracy(table, table.take),
            best=self.row(table.rows[table.best]),
            best_accuracy=_percent(table.rows[table.best]),
        )

    def accuracy(self, table: Table, number: int) -> str:
        """A row's accuracy, and on how many photos."""
        text = (
            self.tr("{accuracy} of {count} test photos right")
            if table.split == "test"
            else self.tr("Validation accuracy {accuracy} ({count} photos)")
        )
        return text.format(accuracy=_percent(table.rows[number]), count=table.photos)

    def doubt(self, table: Table) -> str:
        """What keeps the table from being believed; empty if there is nothing."""
        if table.take is None:
            return ""
        doubts = []
        if table.split != "test":
            doubts.append(
                self.tr(
                    "There are no test photos: the models were chosen and tested on the same "
                    "validation photos, so they look better than they are."
                )
            )
        if table.photos < FEW_PHOTOS:
            doubts.append(
                self.tr(
                    "Only %n photo(s) were used to measure accuracy: too few to tell the "
                    "models apart. Add more, and compare again.",
                    "",
                    table.photos,
                )
            )
        return " ".join(doubts)

    def chart(self, table: Table) -> str:
        """The title of the chart."""
        if table.split == "test":
            return self.tr("Accuracy on the test photos, with its 95% interval")
        return self.tr("Accuracy on the validation photos, with its 95% interval")


def _percent(row: Row) -> str:
    return f"{row.held_out.mean:.1%}" if row.held_out is not None else "–"
