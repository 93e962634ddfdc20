"""The main window: a sidebar and four pages around one model in use."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fruitgui import icons, theme
from fruitgui.camera.page import CameraPage
from fruitgui.classify.page import ClassifyPage
from fruitgui.closing import Closing
from fruitgui.i18n.errors import translated
from fruitgui.i18n.language import AVAILABLE, Translation
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.mime_data import dropped_files, may_hold_images
from fruitgui.models.page import ModelsPage
from fruitgui.settings import Appearance, Language, Settings
from fruitgui.train.page import TrainPage
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label
from fruitgui.workers.recognition_thread import RecognitionThread
from trainer import paths
from trainer.config.recipe import Recipe
from trainer.errors import TrainerError
from trainer.models.metadata import ModelInfo

_Page = ClassifyPage | CameraPage | TrainPage | ModelsPage
_PAGES = ("classify", "camera", "train", "models")


class MainWindow(Retranslated, QMainWindow):
    """Wires the pages to the model in use."""

    def __init__(self, settings: Settings, translation: Translation) -> None:
        super().__init__()
        self._settings = settings
        self._translation = translation
        self._model_title: str | None = None
        self._model_error: TrainerError | None = None
        self._is_loading = False
        self.recognition = RecognitionThread(self)
        self.classify = ClassifyPage(self.recognition, settings)
        self.camera = CameraPage(self.recognition, settings)
        self.train = TrainPage(settings)
        self.models = ModelsPage(settings)
        self._closing = Closing(self._unfinished, self._errors, self)
        self._build()
        self._connect()
        self.retranslate()
        self.resize(QSize(1280, 760))
        self.setMinimumSize(QSize(960, 640))
        self.setAcceptDrops(True)
        self.restoreGeometry(settings.window_geometry)
        self.recognition.start()
        self.use_model(settings.model_in_use or paths.starter_model())

    def _build(self) -> None:
        sidebar = QFrame()
        sidebar.setObjectName("sidebar")
        sidebar.setFixedWidth(208)
        self._logo = QLabel()
        self._logo.setPixmap(
            icons.application_icon().pixmap(QSize(32, 32), self.devicePixelRatioF())
        )
        self._brand = label("brand")
        brand = QHBoxLayout()
        brand.setSpacing(theme.SPACE)
        brand.addWidget(self._logo)
        brand.addWidget(self._brand, 1)
        self._tabs = QButtonGroup(self)
        column = QVBoxLayout(sidebar)
        column.setContentsMargins(12, 20, 12, 16)
        column.setSpacing(4)
        column.addLayout(brand)
        column.addSpacing(2 * theme.SPACE)
        for number, name in enumerate(_PAGES):
            tab = IconButton(name, "flat")
            tab.setCheckable(True)
            self._tabs.addButton(tab, number)
            column.addWidget(tab)
        column.addStretch()
        self._in_use_name = label("field")
        self._in_use = label("caption", wrapped=True)
        self._settings_button = IconButton("settings", "flat")
        self._closing_text = label("caption", wrapped=True)
        self._stay_open = QPushButton()
        column.addWidget(self._closing_text)
        column.addWidget(self._stay_open)
        column.addSpacing(theme.SPACE)
        column.addWidget(self._in_use_name)
        column.addWidget(self._in_use)
        column.addSpacing(theme.SPACE)
        column.addWidget(self._settings_button)

        self._stack = QStackedWidget()
        for page in (self.classify, self.camera, self.train, self.models):
            self._stack.addWidget(page)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(sidebar)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(central)
        self._tabs.button(0).setChecked(True)

    def _connect(self) -> None:
        self._stay_open.clicked.connect(self._closing.stay)
        self._closing.allowed.connect(self.close)
        self._closing.stop_wanted.connect(self._stop_everything)
        self._closing.changed.connect(self._show_closing)
        self._tabs.idClicked.connect(self.show_page)
        for number in range(len(_PAGES)):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self)
            shortcut.activated.connect(self._tabs.button(number).click)
        self.recognition.loading.connect(self._on_model_loading)
        self.recognition.ready.connect(self._on_model_ready)
        self.recognition.failed.connect(self._on_model_failed)
        self.train.model_made.connect(self.models.note_trained)
        self.train.training_changed.connect(self.models.comparison.set_blocked)
        self.train.model_chosen.connect(self._on_trained_model_chosen)
        self.camera.snapshot_taken.connect(self._on_snapshot_taken)
        self.camera.classify_wanted.connect(lambda: self.show_page(0))
        self.camera.training_wanted.connect(self._on_training_wanted)
        self.models.model_chosen.connect(self.use_model)
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
        self._brand.setText("Fruitgui")
        names = (self.tr("Classify"), self.tr("Camera"), self.tr("Train"), self.tr("Models"))
        for number, name in enumerate(names):
            self._tabs.button(number).setText(name)
            self._tabs.button(number).setToolTip(f"{name} (Ctrl+{number + 1})")
        self._in_use_name.setText(self.tr("MODEL IN USE"))
        self._settings_button.setText(self.tr("Settings"))
        self._closing_text.setText(self.tr("Closes when finished"))
        self._stay_open.setText(self.tr("Stay open"))
        self._show_closing()
        self._fill_settings_menu()
        self._show_model()

    @Slot(int)
    def show_page(self, number: int) -> None:
        """Turn to a page, in the order of the sidebar."""
        self._tabs.button(number).setChecked(True)
        self._tabs.button(number).setFocus()
        self._stack.setCurrentIndex(number)

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
        page = self._stack.currentWidget()
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
        self.use_model(path)
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
        self.recognition.use(path)

    @Slot(object)
    def _on_model_loading(self) -> None:
        self._is_loading = True
        self._show_model()

    @Slot(object, object)
    def _on_model_ready(self, path: Path, info: ModelInfo) -> None:
        is_starter = path == paths.starter_model()
        self._settings.model_in_use = None if is_starter else path
        self._is_loading = False
        self._model_error = None
        self._model_title = "" if is_starter else info.title
        self.models.show_in_use(path)
        self.camera.record_panel.offer_classes(info.classes)
        self._in_use.setToolTip(self.recognition.engine)
        self._show_model()

    @Slot(str)
    def _on_in_use_titled(self, title: str) -> None:
        """Its user may have given it a name."""
        if self._settings.model_in_use is not None and not self._is_loading:
            self._model_title = title
            self._show_model()

    @Slot(object, object)
    def _on_model_failed(self, path: Path, error: TrainerError) -> None:
        self._is_loading = False
        self._model_error = error
        page = self._stack.currentWidget()
        notice = page.notice if isinstance(page, _Page) else self.classify.notice
        notice.show_error(error)
        self._show_model()
        if path == self._settings.model_in_use:
            # What was in use has gone since; the starter is always there.
            self._settings.model_in_use = None
            self.use_model(paths.starter_model())

    def _show_model(self) -> None:
        if self._is_loading:
            self._in_use.setText(self.tr("Loading the model…"))
        elif self._model_error is not None and self._model_title is None:
            self._in_use.setText(translated(self._model_error))
        else:
            self._in_use.setText(self._model_title or self.tr("Starter model"))

    # Settings

    def _fill_settings_menu(self) -> None:
        menu = QMenu(self)
        languages = menu.addMenu(self.tr("Language"))
        group = QActionGroup(languages)
        for code, name in (("system", self.tr("As the system")), *AVAILABLE.items()):
            action = self._choice(languages, group, name, code == self._settings.language)
            action.triggered.connect(lambda _=False, code=code: self.set_language(code))
        appearances = menu.addMenu(self.tr("Appearance"))
        group = QActionGroup(appearances)
        schemes: tuple[tuple[Appearance, str], ...] = (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        )
        for appearance, name in schemes:
            action = self._choice(appearances, group, name, appearance == self._settings.appearance)
            action.triggered.connect(
                lambda _=False, appearance=appearance: self.set_appearance(appearance)
            )
        menu.addSeparator()
        menu.addAction(self.tr("About Qt")).triggered.connect(QApplication.aboutQt)
        before = self._settings_button.menu()
        self._settings_button.setMenu(menu)
        if before is not None:
            before.deleteLater()

    @staticmethod
    def _choice(menu: QMenu, group: QActionGroup, name: str, is_chosen: bool) -> QAction:
        action = menu.addAction(name)
        action.setCheckable(True)
        action.setChecked(is_chosen)
        group.addAction(action)
        return action

    def set_language(self, language: Language) -> None:
        self._settings.language = language
        self._translation.install(language)

    def set_appearance(self, appearance: Appearance) -> None:
        self._settings.appearance = appearance
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, appearance)

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first where something would be lost."""
        if not self._closing.may_close():
            event.ignore()
            return
        self._settings.window_geometry = self.saveGeometry()
        # Gone at once for the user; what still runs ends at its next step.
        self.hide()
        self.shut_down()
        event.accept()

    def _unfinished(self) -> list[str]:
        pages = (self.classify, self.train, self.models)
        return [sentence for page in pages for sentence in page.unfinished()]

    def _errors(self) -> list[str]:
        pages = (self.classify, self.train, self.models)
        return [page.notice.text for page in pages if page.notice.is_error]

    @Slot()
    def _stop_everything(self) -> None:
        self.classify.stop()
        self.train.stop()
        self.models.stop()

    @Slot()
    def _show_closing(self) -> None:
        for widget in (self._closing_text, self._stay_open):
            widget.setVisible(self._closing.is_waiting)

    def shut_down(self) -> None:
        """End all threads; whatever runs is stopped at its next step."""
        self.camera.stop()
        self.train.shut_down()
        self.models.shut_down()
        self.classify.shut_down()
        self.camera.shut_down()
        self.recognition.shut_down()
