"""The main window: a sidebar and pages around one model in use."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from fruitgui import theme
from fruitgui.camera.page import CameraPage
from fruitgui.classify.page import ClassifyPage
from fruitgui.closing import Closing
from fruitgui.i18n.language import Translation
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.mime_data import dropped_files, may_hold_images
from fruitgui.model_in_use import ModelInUse
from fruitgui.models.page import ModelsPage
from fruitgui.settings import Appearance, Language, Settings
from fruitgui.settings_page import SettingsPage
from fruitgui.shortcuts_dialog import ShortcutsDialog
from fruitgui.sidebar import SETTINGS, Sidebar
from fruitgui.train.page import TrainPage
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.scroll_area import ScrollArea
from fruitgui.workers.recognition_thread import RecognitionThread
from fruitgui.workers.teacher import Teacher
from trainer import paths
from trainer.config.recipe import Recipe
from trainer.errors import TrainerError
from trainer.models.metadata import ModelInfo

_Page = ClassifyPage | CameraPage | TrainPage | ModelsPage
_LARGEST_AT_FIRST = QSize(1280, 760)
_SMALLEST = QSize(480, 360)
_NARROW = 1120
"""Of a window less wide, the pages get the room that the sidebar's names would take."""
_FRAME = QSize(8, 40)
"""About what a title bar and a frame take."""


class _Held(QWidget):
    """A page in what scrolls it: never smaller than it must be, as large as there is room. A scroll
    area by itself would give a page whose texts are wrapped the height that it would like."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        page.setParent(self)

    def minimumSizeHint(self) -> QSize:
        return self._page.minimumSizeHint().expandedTo(self._page.minimumSize())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._page.resize(event.size())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()  # The page needs more room than before, or less.
        return super().event(event)


class MainWindow(Retranslated, QMainWindow):
    """Wires the pages to the model in use.

    Signals:
        closing(): nothing holds it back any more.
    """

    closing = Signal()

    def __init__(self, settings: Settings, translation: Translation) -> None:
        super().__init__()
        self._settings = settings
        self._translation = translation
        self.recognition = RecognitionThread(self)
        self.teacher = Teacher(self)
        self.classify = ClassifyPage(self.recognition, self.teacher, settings)
        self.camera = CameraPage(self.recognition, self.teacher, settings)
        self.train = TrainPage(settings)
        self.models = ModelsPage(settings)
        self.settings_page = SettingsPage(settings)
        self.sidebar = Sidebar()
        # After the pages, which hear first what answers.
        self.model = ModelInUse(
            settings, self.recognition, self.teacher, self._notice_in_sight, self
        )
        self._pages = (self.classify, self.camera, self.train, self.models, self.settings_page)
        self._stack = QStackedWidget()
        self._closing = Closing(self._unfinished, self)
        self._build()
        self._connect()
        self.retranslate()
        self.setMinimumSize(_SMALLEST)
        self.setAcceptDrops(True)
        self.resize(_LARGEST_AT_FIRST.boundedTo(self._room()))
        self.restoreGeometry(settings.window_geometry)
        self.recognition.start()
        self.use_model(settings.model_in_use or paths.starter_model())

    def _room(self) -> QSize:
        """What the screen leaves for the window."""
        return self.screen().availableSize() - _FRAME

    def _build(self) -> None:
        for page in self._pages:
            # On a small screen a page is scrolled rather than cut off.
            scroll = ScrollArea()
            scroll.setFrameShape(QScrollArea.Shape.NoFrame)
            scroll.setWidget(_Held(page))
            self._stack.addWidget(scroll)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(central)

    def _connect(self) -> None:
        self.sidebar.stay_open_wanted.connect(self._closing.stay)
        self._closing.allowed.connect(self.close)
        self._closing.stop_wanted.connect(self._stop_everything)
        self._closing.finish_wanted.connect(self.train.resume)
        self._closing.changed.connect(self._show_closing)
        self.sidebar.page_chosen.connect(self.show_page)
        help_key = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), self)
        help_key.activated.connect(self.show_shortcuts)
        self.settings_page.shortcuts.clicked.connect(self.show_shortcuts)
        preferences = QShortcut(QKeySequence(QKeySequence.StandardKey.Preferences), self)
        preferences.activated.connect(lambda: self.show_page(SETTINGS))
        self.settings_page.language_chosen.connect(self.set_language)
        self.settings_page.appearance_chosen.connect(self.set_appearance)
        self.settings_page.text_size_chosen.connect(self._set_text_size)
        self.settings_page.computing_chosen.connect(self._on_computing_chosen)
        self.train.training_changed.connect(self.settings_page.set_busy)
        self.models.comparing_changed.connect(self.settings_page.set_busy)
        self.recognition.ready.connect(self.teacher.use_model)
        self.teacher.replaced.connect(self._on_model_replaced)
        self.teacher.changed.connect(
            lambda: self.models.library.lessons.set_busy(self.teacher.is_busy)
        )
        self.teacher.taught.connect(self.models.refresh)
        self.teacher.forgotten.connect(self.models.refresh)
        self.model.described.connect(self._on_model_described)
        self.model.ready.connect(self._on_model_ready)
        self.model.failed.connect(self._on_model_failed)
        self.train.model_made.connect(self.models.note_trained)
        self.train.training_changed.connect(self.models.comparison.set_blocked)
        self.train.model_chosen.connect(self._on_trained_model_chosen)
        self.camera.snapshot_taken.connect(self._on_snapshot_taken)
        self.camera.classify_wanted.connect(lambda: self.show_page(0))
        self.camera.training_wanted.connect(self._on_training_wanted)
        self.models.model_chosen.connect(self.model.choose)
        self.models.fallback_wanted.connect(self.model.fall_back_to)
        self.models.forgetting_wanted.connect(
            lambda model, lessons: self.teacher.forget(model, lessons, asked_by=self.models)
        )
        self.teacher.failed.connect(self._on_teaching_failed)
        self.models.evaluation.successor_offered.connect(self.train.offer_follow_up)
        self.train.follow_up_accepted.connect(self._on_follow_up_accepted)
        self.models.recipe_opened.connect(self._on_recipe_opened)
        self.models.continuation_wanted.connect(self._on_continuation_wanted)
        self.models.comparing_changed.connect(self.train.set_blocked)
        self.models.in_use_titled.connect(self.model.set_title)
        self.models.data_changed.connect(self.train.data.note_changed)
        self.models.data_changed.connect(self.train.inspection.note_changed)
        self.train.inspection.data_changed.connect(self.models.note_data_changed)
        self.train.data.data_changed.connect(self.models.note_data_changed)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Fruit and vegetables"))
        self.model.describe()

    @Slot(int)
    def show_page(self, number: int) -> None:
        """Turn to a page, in the order of the sidebar."""
        self.sidebar.show_page(number)
        self._stack.setCurrentIndex(number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ApplicationFontChange and hasattr(self, "_closing"):
            self._set_text_size()
        return super().event(event)

    def _fold(self) -> None:
        """Show the sidebar's icons alone where the names would take the pages' room."""
        is_narrow = self.width() < theme.scaled(_NARROW)
        if is_narrow != self.sidebar.is_folded:
            self.sidebar.set_folded(is_narrow)

    @Slot()
    def show_shortcuts(self) -> None:
        """List all that keys do."""
        dialog = ShortcutsDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        return self._pages[self._stack.currentIndex()]

    @Slot(object)
    def open_file(self, file: Path) -> None:
        """Classify one photo, or what is in a folder or a zip."""
        self.open_photos([file])

    def open_photos(self, sources: Sequence[Path]) -> None:
        """Classify photos and folders."""
        self.show_page(0)
        self.classify.add(sources)

    # What is dropped where a page does not take it itself

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if may_hold_images(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        files = dropped_files(event.mimeData())
        page = self.page
        if page is self.train:
            self.train.take_files(files)
        elif page is self.models:
            self.models.take_files(files)
        elif page is not self.camera or not self.camera.take_files(files):
            # A photo is labelled wherever it is dropped.
            self.show_page(0)
            self.classify.intake.take(event.mimeData())

    # From the camera to the other pages

    @Slot(object)
    def _on_snapshot_taken(self, photo: Path) -> None:
        self.classify.add([photo])

    @Slot(object)
    def _on_training_wanted(self, folder: Path) -> None:
        self.show_page(2)
        self.train.teach(folder)

    @Slot(object)
    def _on_trained_model_chosen(self, path: Path) -> None:
        self.model.choose(path)
        if self.train.is_taught_by_camera:
            # Where its user means to try it.
            self.show_page(1)

    # From the models to the Train page

    @Slot(object, object)
    def _on_recipe_opened(self, recipe: Recipe | None, data: Path) -> None:
        self.show_page(2)
        self.train.open_recipe(recipe, data)

    @Slot()
    def _on_follow_up_accepted(self) -> None:
        self.show_page(3)
        self.models.show_view("evaluation")
        self.models.evaluation.accept_successor()

    @Slot(object)
    def _on_continuation_wanted(self, folder: Path) -> None:
        self.show_page(2)
        self.train.go_on_with(folder)

    # The model in use

    @Slot(object)
    def use_model(self, path: Path) -> None:
        """Answer with another model from now on."""
        self.model.use(path)

    def _notice_in_sight(self) -> Notice | None:
        page = self.page
        return page.notice if isinstance(page, _Page) else None

    @Slot(object)
    def _on_teaching_failed(self, error: TrainerError) -> None:
        if self.teacher.asked_by is self.models:
            self.models.notice.show_error(error)

    @Slot(object)
    def _on_model_replaced(self, model: Path) -> None:
        """The model in use was taught something, or some of that was taken back."""
        self.models.show_in_use(model)  # What it was made of has not gone missing.
        self.model.use(model)

    @Slot(object, object)
    def _on_model_ready(self, path: Path, info: ModelInfo) -> None:
        self.models.show_in_use(path)
        self.camera.record_panel.offer_classes(info.classes)

    @Slot(object)
    def _on_model_failed(self, error: TrainerError) -> None:
        (self._notice_in_sight() or self.classify.notice).show_error(error)

    @Slot(str)
    def _on_model_described(self, text: str) -> None:
        self.sidebar.show_in_use(text, self.recognition.engine)
        self.settings_page.show_in_use(text, self.recognition.engine)

    # Settings

    @Slot(str)
    def set_language(self, language: Language) -> None:
        self._settings.language = language
        self._translation.install(language)

    def fall_back_without(self, fonts: Sequence[str]) -> None:
        """Speak English where the window would be Korean and no font can write that: squares help
        nobody. What the user chose stays chosen.

        Args:
            fonts: those that can write Korean.
        """
        if self._translation.code != "ko" or fonts:
            return
        self._translation.install("en")
        self.classify.notice.show_info(
            self.tr(
                "There is no font for Korean on this computer, so the window is in English. "
                "Install one, such as Noto Sans CJK, and open Fruitgui again."
            )
        )

    @Slot(str)
    def set_appearance(self, appearance: Appearance) -> None:
        self._settings.appearance = appearance
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, appearance)

    @Slot()
    def _set_text_size(self) -> None:
        """Make text as large as is chosen, or as the system's is by now."""
        application = QApplication.instance()
        before = theme.text_scale()
        theme.set_text_size(self._settings.text_size)
        if theme.text_scale() != before and isinstance(application, QApplication):
            theme.set_style_sheet(application)
            theme.scale_widgets(self)
            self._fold()

    @Slot()
    def _on_computing_chosen(self) -> None:
        self._settings.apply_computing()
        self.model.load_anew()

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first where something would be lost."""
        if not self._closing.may_close():
            event.ignore()
            return
        self.closing.emit()
        self._settings.window_geometry = self.saveGeometry()
        # Gone at once for the user; what still runs ends at its next step.
        self.hide()
        self.shut_down()
        event.accept()

    @Slot()
    def stop_and_close(self) -> None:
        """Close without asking, as where the system shuts down: what is at work is stopped first,
        and what it has done is kept."""
        self._closing.stop()

    def _unfinished(self) -> list[str]:
        at_work = (self.classify, self.train, self.models, self.teacher)
        return [sentence for each in at_work for sentence in each.unfinished()]

    @Slot()
    def _stop_everything(self) -> None:
        self.classify.stop()
        self.teacher.stop()
        self.train.stop()
        self.models.stop()

    @Slot()
    def _show_closing(self) -> None:
        self.sidebar.show_closing(self._closing.decided)

    def shut_down(self) -> None:
        """End all threads; whatever runs is stopped at its next step."""
        self.camera.stop()
        self.train.shut_down()
        self.models.shut_down()
        self.settings_page.shut_down()
        self.classify.shut_down()
        self.camera.shut_down()
        self.teacher.shut_down()
        self.recognition.shut_down()
