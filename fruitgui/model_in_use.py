"""Which model answers: what was chosen, what is loaded, and what answers if that fails."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from fruitgui.i18n.errors import translated
from fruitgui.i18n.model_titles import taught_title
from fruitgui.settings import Settings
from fruitgui.widgets.notice import Notice
from fruitgui.workers.recognition_thread import RecognitionThread
from fruitgui.workers.teacher import Teacher
from trainer import paths
from trainer.data.particles import with_particles
from trainer.errors import TrainerError
from trainer.models.metadata import ModelInfo


class ModelInUse(QObject):
    """Stands between who chooses a model and what answers with it.

    Signals:
        described(str): what it is called, or what is the matter with it.
        ready(Path, ModelInfo): it answers from now on.
        failed(TrainerError): it could not be loaded; another answers.
    """

    described = Signal(str)
    ready = Signal(object, object)
    failed = Signal(object)

    def __init__(
        self,
        settings: Settings,
        recognition: RecognitionThread,
        teacher: Teacher,
        notice: Callable[[], Notice | None],
        parent: QObject | None = None,
    ) -> None:
        """Args: *notice* gives the place where the user looks, to confirm a choice."""
        super().__init__(parent)
        self._settings = settings
        self._recognition = recognition
        self._teacher = teacher
        self._notice = notice
        self._title: str | None = None
        self._error: TrainerError | None = None
        self._is_loading = False
        self._answering: Path | None = None
        """The model that answers."""
        self._wanted: Path | None = None
        """The same, or what is to answer once it is loaded."""
        self._chosen: Path | None = None
        """What the user has just chosen, until it is loaded."""
        self._confirmed: tuple[Notice, str] | None = None
        """Where it was said that what was chosen answers, and how."""
        recognition.loading.connect(self._on_loading)
        recognition.ready.connect(self._on_ready)
        recognition.failed.connect(self._on_failed)

    @Slot(object)
    def use(self, path: Path) -> None:
        """Answer with another model from now on."""
        self._wanted = path
        self._teacher.choose_model(path)
        self._recognition.use(path)

    @Slot(object)
    def choose(self, path: Path) -> None:
        """The same, wanted by the user, to whom it is confirmed."""
        self._chosen = path
        self.use(path)

    @Slot()
    def load_anew(self) -> None:
        """Let it answer as it is chosen to compute by now."""
        self.use(self._wanted or paths.starter_model())

    @Slot(object)
    def fall_back_to(self, path: Path) -> None:
        """Use this model, unless the user has chosen another, which is being loaded."""
        if self._chosen is None:
            self.use(path)

    @Slot(str)
    def set_title(self, title: str) -> None:
        """Its user may have given it a name."""
        if self._settings.model_in_use is not None and not self._is_loading:
            if title != self._title:
                self._withdraw_confirmation()
            self._title = title
            self.describe()

    def describe(self) -> None:
        """Say what it is called, in the language in use."""
        if self._is_loading:
            text = self.tr("Loading the model…")
        elif self._error is not None and self._title is None:
            text = translated(self._error)
        else:
            text = self._title or self.tr("Starter model")
        self.described.emit(text)

    @Slot(object)
    def _on_loading(self) -> None:
        self._is_loading = True
        self.describe()

    @Slot(object, object)
    def _on_ready(self, path: Path, info: ModelInfo) -> None:
        if path != self._answering:
            self._withdraw_confirmation()
        self._answering = path
        is_starter = path == paths.starter_model()
        # Else another has been chosen while this one was loaded, and comes next.
        is_wanted = path == self._wanted
        if is_wanted:
            self._settings.model_in_use = None if is_starter else path
        self._is_loading = False
        self._error = None
        title = taught_title(info) if info.taught else info.title
        self._title = "" if is_starter else title
        self.ready.emit(path, info)
        self.describe()
        if path == self._chosen:
            self._confirm()
        if is_wanted:
            self._chosen = None

    def _confirm(self) -> None:
        notice = self._notice()
        if notice is not None:
            text = self.tr("Classify and Camera answer with “{model}” from now on.")
            text = with_particles(text.format(model=self._title or self.tr("Starter model")))
            notice.show_info(text)
            self._confirmed = notice, text

    def _withdraw_confirmation(self) -> None:
        """What was said of the model before is no longer so."""
        if self._confirmed is not None:
            notice, text = self._confirmed
            if notice.text == text:
                notice.hide()
            self._confirmed = None

    @Slot(object, object)
    def _on_failed(self, path: Path, error: TrainerError) -> None:
        self._is_loading = False
        self._error = error
        self.failed.emit(error)
        self.describe()
        if path == self._settings.model_in_use:
            self._settings.model_in_use = None  # It has gone since.
        if path == self._wanted:
            self._chosen = None
            self._fall_back_from(path)

    def _fall_back_from(self, failed: Path) -> None:
        """Go on with what answers already, or else with the starter, which is always there."""
        if self._answering is not None and self._answering != failed:
            self._wanted = self._answering
            self._teacher.choose_model(self._answering)
            return
        before = self._settings.model_in_use or paths.starter_model()
        if before != failed:
            self.use(before)
