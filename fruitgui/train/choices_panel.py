"""What a training is started with: the photos, the recipe, and how long they will take."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.train.device_label import DeviceLabel
from fruitgui.widgets.data_panel import DataPanel
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.recipe_form import RecipeForm
from fruitgui.widgets.scroll_area import ScrollArea
from fruitgui.workers.time_estimate import TimeEstimate
from trainer.runtime.accelerators import accelerator


class ChoicesPanel(Retranslated, QWidget):
    """Photos and a recipe, what they will be trained on, and an estimate of the time.

    Attributes:
        data: the photos.
        look: the button that opens them in the check.
        form: the recipe.
        device: says what trains.
    """

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_free = False
        self._time = TimeEstimate(self)
        self.data = DataPanel(settings)
        self.look = IconButton("search")
        self.form = RecipeForm(settings)
        self.device = DeviceLabel()
        self._build()
        self._time.changed.connect(self._show_time)
        self.data.demo_chosen.connect(lambda: self.form.use_preset("quick"))
        self.data.changed.connect(self._measure_time)
        self.form.changed.connect(self._measure_time)
        self.retranslate()

    def _build(self) -> None:
        self._recipe_name = label("heading")
        self._estimate = label("caption", wrapped=True)
        self._estimate.hide()
        panel = Panel()
        panel.column.addWidget(self.data)
        panel.column.addWidget(self.look)
        panel.column.addSpacing(theme.SPACE)
        panel.column.addWidget(self._recipe_name)
        panel.column.addWidget(self.form)
        panel.column.addStretch()
        scroll = ScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 4)
        column.addWidget(scroll, 1)
        column.addWidget(self._estimate)
        column.addWidget(self.device)

    def retranslate(self) -> None:
        self._recipe_name.setText(self.tr("2  Training settings"))
        self.look.setText(self.tr("Check the photos"))
        self.look.setToolTip(self.tr("Finds duplicates, wrong labels and poor photos"))
        self._show_time()

    def show_state(self, *, is_training: bool, is_free: bool) -> None:
        """Choosable unless a model *is_training*. Time is measured where nothing else is trained
        either: where the page *is_free* to start."""
        if not is_free:
            self._time.forget()  # What trains decodes photos, too.
        self._is_free = is_free
        self.look.setVisible(self.data.data is not None)
        self.form.set_choosable(not is_training)
        self.data.set_choosable(not is_training)
        self._measure_time()

    def shut_down(self) -> None:
        self.data.shut_down()
        self.form.shut_down()
        self._time.shut_down()

    # How long it will take

    @Slot()
    def _measure_time(self) -> None:
        data = self.data.data
        # What is not in sight is not measured; showEvent makes up for it.
        if self._is_free and data is not None and self.isVisible():
            self._time.follow([self.form.recipe], data)
        else:
            self._time.give_up()
        self._show_time()

    @Slot()
    def _show_time(self) -> None:
        self._estimate.setText(self._time.text)
        is_wanted = self._is_free and self.data.data is not None
        self._estimate.setVisible(is_wanted and bool(self._time.text))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Another may have been chosen in Settings.
        self.device.show_accelerator(accelerator())
        self._measure_time()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._time.give_up()
        self._show_time()
