"""The offer to download a network's ImageNet weights, ahead of training."""

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import label
from fruitgui.workers.pretrained import fetch_imagenet
from fruitgui.workers.task import Task, Tasks
from trainer.config.architectures import architecture_named, title_of
from trainer.errors import TrainerError


class WeightsDownload(Retranslated, QWidget):
    """Says that a network's weights are not here yet, and fetches them beside the GUI thread.
    Hidden while there is nothing to say.

    Signals:
        fetched(str): this network's weights are here now.
    """

    fetched = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks()
        self._task: Task | None = None
        self._fetching = ""
        self._progress = (0, 0)
        self._offered = ""
        self._stand_in = ""
        self._failure: tuple[str, TrainerError] | None = None
        """The network whose weights could not be had, and why."""
        self.said = label("caption", wrapped=True)
        self.download = IconButton("import")
        self.bar = QProgressBar(textVisible=False)
        self.cancel = IconButton("stop")
        self.notice = Notice()
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.said)
        column.addWidget(self.download)
        column.addLayout(row)
        column.addWidget(self.notice)
        self.download.clicked.connect(self._on_download)
        self.cancel.clicked.connect(self._on_cancel)
        self.notice.closed.connect(self._on_notice_closed)
        self.retranslate()

    @property
    def is_busy(self) -> bool:
        """Whether a download is under way."""
        return self._task is not None

    def offer(self, model: str, stand_in: str = "") -> None:
        """Offer a network's weights; those of none where *model* is empty.

        Args:
            stand_in: the network that is trained in its place.
        """
        self._offered, self._stand_in = model, stand_in
        self._show()

    def shut_down(self) -> None:
        """Cancel what is under way, and wait for that; what has come is kept for the next time."""
        self._tasks.shut_down()

    @Slot()
    def _on_download(self) -> None:
        if self._task is not None:
            return
        model = self._offered
        self._failure = None
        self._fetching, self._progress = model, (0, 0)
        self._task = self._tasks.start(
            lambda: fetch_imagenet(model),
            self._on_fetched,
            self._on_failed,
            self._on_progressed,
            on_end=self._on_ended,
        )
        self._show()

    @Slot()
    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    @Slot()
    def _on_notice_closed(self) -> None:
        self._failure = None

    @Slot(object)
    def _on_progressed(self, step: tuple[int, int]) -> None:
        self._progress = step
        self._show()

    @Slot(object)
    def _on_fetched(self, model: str) -> None:
        self._task = None
        self.fetched.emit(model)

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self._failure = (self._fetching, error)

    @Slot()
    def _on_ended(self) -> None:
        self._task = None
        self._show()

    def _show(self) -> None:
        done, total = self._progress
        self.bar.setRange(0, total // 1000)  # Its figures are of 32 bits.
        self.bar.setValue(done // 1000)
        self.said.setText(self._sentence())
        size = architecture_named(self._offered).megabytes if self._offered else 0
        text = self.tr("Download ({size})") if size else self.tr("Download them")
        self.download.setText(text.format(size=_size(size * 1_000_000, decimals=0)))
        self.download.setVisible(not self.is_busy)
        self.bar.setVisible(self.is_busy)
        self.cancel.setVisible(self.is_busy)
        self._show_failure()
        self.setVisible(self.is_busy or bool(self._offered))

    def _show_failure(self) -> None:
        """Where the network is offered again whose weights could not be had."""
        if self._failure is None or self._failure[0] != self._offered:
            self.notice.hide()
        else:
            self.notice.show_error(self._failure[1])

    def _sentence(self) -> str:
        if self.is_busy:
            done, total = self._progress
            text = (
                self.tr("Downloading {network}'s ImageNet weights: {done} of {total}")
                if total
                else self.tr("Downloading {network}'s ImageNet weights…")
            )
            return text.format(
                network=title_of(self._fetching), done=_size(done), total=_size(total)
            )
        if self._stand_in:
            text = self.tr(
                "{network}'s ImageNet weights are not on this computer yet, so {other} is used "
                "instead."
            )
        else:
            text = self.tr(
                "{network}'s ImageNet weights are not on this computer yet. Training downloads "
                "them first."
            )
        return text.format(network=title_of(self._offered), other=title_of(self._stand_in))

    def retranslate(self) -> None:
        self.cancel.setText(self.tr("Cancel"))
        self.bar.setAccessibleName(self.tr("Download"))
        self._show()


def _size(byte_count: int, decimals: int = 1) -> str:
    return QLocale().formattedDataSize(
        byte_count, decimals, QLocale.DataSizeFormat.DataSizeSIFormat
    )
