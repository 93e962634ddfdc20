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
from fruitgui.i18n.errors import translated
from fruitgui.i18n.language import Translation
from fruitgui.i18n.model_titles import taught_title
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.mime_data import dropped_files, may_hold_images
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
from trainer.data.particles import with_particles
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
        self._model_title: str | None = None
        self._model_error: TrainerError | None = None
        self._is_loading = False
        self._answering: Path | None = None
        """The model that answers."""
        self._wanted_model: Path | None = None
        """The same, or what is to answer once it is loaded."""
        self._chosen_model: Path | None = None
        """What the user has just chosen, until it is loaded."""
        self._confirmed: tuple[Notice, str] | None = None
        """Where it was said that what was chosen answers, and how."""
        self.recognition = RecognitionThread(self)
        self.teacher = Teacher(self)
        self.classify = ClassifyPage(self.recognition, self.teacher, settings)
        self.camera = CameraPage(self.recognition, self.teacher, settings)
        self.train = TrainPage(settings)
        self.models = ModelsPage(settings)
        self.settings_page = SettingsPage(settings)
        self.sidebar = Sidebar()
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
        self.recognition.loading.connect(self._on_model_loading)
        self.recognition.ready.connect(self._on_model_ready)
        self.recognition.failed.connect(self._on_model_failed)
        self.train.model_made.connect(self.models.note_trained)
        self.train.training_changed.connect(self.models.comparison.set_blocked)
        self.train.model_chosen.connect(self._on_trained_model_chosen)
        self.camera.snapshot_taken.connect(self._on_snapshot_taken)
        self.camera.classify_wanted.connect(lambda: self.show_page(0))
        self.camera.training_wanted.connect(self._on_training_wanted)
        self.models.model_chosen.connect(self._on_model_chosen)
        self.models.fallback_wanted.connect(self._on_fallback_wanted)
        self.models.forgetting_wanted.connect(
            lambda model, lessons: self.teacher.forget(model, lessons, asked_by=self.models)
        )
        self.teacher.failed.connect(self._on_teaching_failed)
        self.models.evaluation.successor_offered.connect(self.train.offer_follow_up)
        self.train.follow_up_accepted.connect(self._on_follow_up_accepted)
        self.models.recipe_opened.connect(self._on_recipe_opened)
        self.models.continuation_wanted.connect(self._on_continuation_wanted)
        self.models.comparing_changed.connect(self.train.set_blocked)
        self.models.in_use_titled.connect(self._on_in_use_titled)
        self.models.data_changed.connect(self.train.data.note_changed)
        self.models.data_changed.connect(self.train.inspection.note_changed)
        self.train.inspection.data_changed.connect(self.models.note_data_changed)
        self.train.data.data_changed.connect(self.models.note_data_changed)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Fruit and vegetables"))
        self._show_model()

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
        self._on_model_chosen(path)
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
        self._wanted_model = path
        self.teacher.choose_model(path)
        self.recognition.use(path)

    @Slot(object)
    def _on_teaching_failed(self, error: TrainerError) -> None:
        if self.teacher.asked_by is self.models:
            self.models.notice.show_error(error)

    @Slot(object)
    def _on_model_replaced(self, model: Path) -> None:
        """The model in use was taught something, or some of that was taken back."""
        self.models.show_in_use(model)  # What it was made of has not gone missing.
        self.use_model(model)

    @Slot(object)
    def _on_model_chosen(self, path: Path) -> None:
        self._chosen_model = path
        self.use_model(path)

    @Slot(object)
    def _on_model_loading(self) -> None:
        self._is_loading = True
        self._show_model()

    @Slot(object, object)
    def _on_model_ready(self, path: Path, info: ModelInfo) -> None:
        if path != self._answering:
            self._withdraw_confirmation()
        self._answering = path
        is_starter = path == paths.starter_model()
        # Else another has been chosen while this one was loaded, and comes next.
        is_wanted = path == self._wanted_model
        if is_wanted:
            self._settings.model_in_use = None if is_starter else path
        self._is_loading = False
        self._model_error = None
        title = taught_title(info) if info.taught else info.title
        self._model_title = "" if is_starter else title
        self.models.show_in_use(path)
        self.camera.record_panel.offer_classes(info.classes)
        self._show_model()
        page = self.page
        if path == self._chosen_model and isinstance(page, _Page):
            text = self.tr("Classify and Camera answer with “{model}” from now on.")
            name = self._model_title or self.tr("Starter model")
            text = with_particles(text.format(model=name))
            page.notice.show_info(text)
            self._confirmed = page.notice, text
        if is_wanted:
            self._chosen_model = None

    def _withdraw_confirmation(self) -> None:
        """What was said of the model before is no longer so."""
        if self._confirmed is not None:
            notice, text = self._confirmed
            if notice.text == text:
                notice.hide()
            self._confirmed = None

    @Slot(str)
    def _on_in_use_titled(self, title: str) -> None:
        """Its user may have given it a name."""
        if self._settings.model_in_use is not None and not self._is_loading:
            if title != self._model_title:
                self._withdraw_confirmation()
            self._model_title = title
            self._show_model()

    @Slot(object, object)
    def _on_model_failed(self, path: Path, error: TrainerError) -> None:
        self._is_loading = False
        self._model_error = error
        page = self.page
        notice = page.notice if isinstance(page, _Page) else self.classify.notice
        notice.show_error(error)
        self._show_model()
        if path == self._settings.model_in_use:
            self._settings.model_in_use = None  # It has gone since.
        if path == self._wanted_model:
            self._chosen_model = None
            self._fall_back_from(path)

    def _fall_back_from(self, failed: Path) -> None:
        """Go on with what answers already, or else with the starter, which is always there."""
        if self._answering is not None and self._answering != failed:
            self._wanted_model = self._answering
            self.teacher.choose_model(self._answering)
            return
        before = self._settings.model_in_use or paths.starter_model()
        if before != failed:
            self.use_model(before)

    @Slot(object)
    def _on_fallback_wanted(self, path: Path) -> None:
        # Not where the user has chosen another, which is being loaded.
        if self._chosen_model is None:
            self.use_model(path)

    def _show_model(self) -> None:
        if self._is_loading:
            text = self.tr("Loading the model…")
        elif self._model_error is not None and self._model_title is None:
            text = translated(self._model_error)
        else:
            text = self._model_title or self.tr("Starter model")
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
        self.use_model(self._wanted_model or paths.starter_model())

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
