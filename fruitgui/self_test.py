"""``--self-test``: the whole path through the real window, with a line a step."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer, Slot

from fruitgui.app import create_application, create_window
from fruitgui.camera.sources import video_file
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from fruitgui.train.training_thread import TrainingThread
from trainer import paths
from trainer.config.presets import PRESETS
from trainer.events import Finished
from trainer.experiments.run import create_run
from trainer.synthetic import write_data_set
from trainer.synthetic.video import video_frames, write_video

_STEP_SECONDS = 300


class _StepError(Exception):
    """A step did not do what it should."""


def self_test() -> int:
    """Returns 0 if every step worked, else 1."""
    if "QT_QPA_PLATFORM" not in os.environ and sys.platform == "linux" and not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="fruitgui-self-test-") as home:
        os.environ["FRUITGUI_HOME"] = home
        try:
            _steps(Path(home))
        except _StepError as error:
            print(f"FAILED: {error}", flush=True)
            return 1
    print("ok: quit cleanly", flush=True)
    return 0


def _steps(home: Path) -> None:
    app = create_application(["fruitgui"])
    settings = Settings(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
    window = create_window(app, settings)
    try:
        window.show()
        app.processEvents()
        print("ok: window", flush=True)

        sample = sorted(paths.samples_folder().glob("*.jpg"))[0]
        collected = _Collector()
        window.recognition.failed.connect(collected.on_model_failed)
        window.open_photos([sample])
        photos = window.classify.photos
        _wait(lambda: photos.answered == 1 or collected.error is not None, "a label for a photo")
        if collected.error is not None:
            raise _StepError(f"the model was not loaded: {collected.error}")
        answer = photos.entry(0).answer
        if answer is None:
            raise _StepError(f"the photo was not labelled: {photos.unreadable}")
        by = window.recognition.engine
        print(f"ok: label {answer.top[0].label} for {sample.name}, by {by}", flush=True)

        video = home / "camera.avi"
        write_video(video, video_frames([("Apple", 3)], seconds=5, rate=10), rate=10)
        window.show_page(1)
        window.camera.choose(video_file(video))
        window.camera.start()
        view = window.camera.view
        _wait(lambda: view.answer is not None or not window.camera.is_running, "a live label")
        if view.answer is None:
            raise _StepError(f"the video was not labelled: {window.camera.notice.text}")
        print(f"ok: live label {view.answer.top[0].label} for a video", flush=True)
        window.camera.stop()

        data = home / "photos"
        for _ in write_data_set(data, per_class=8, size=96):
            pass
        recipe = PRESETS["quick"].but(image_size=96, epochs=1)
        training = TrainingThread(lambda: create_run(recipe, data))
        training.completed.connect(collected.on_completed)
        training.failed.connect(collected.on_failed)
        training.start()
        _wait(training.isFinished, "an epoch of training")
        app.processEvents()
        if collected.finished is None or collected.finished.model is None:
            raise _StepError(f"the training gave no model: {collected.error}")
        print(f"ok: trained one epoch, {collected.finished.seconds:.1f} s", flush=True)

        chosen = collected.finished.model
        window.use_model(chosen)
        _wait(lambda: settings.model_in_use == chosen, "the new model in use")
        print("ok: the new model is in use", flush=True)
        _evaluate_and_export(window, chosen, data, home)
    finally:
        window.close()
        app.processEvents()


def _evaluate_and_export(window: MainWindow, model: Path, data: Path, home: Path) -> None:
    """What the Models page does with a model."""
    window.show_page(3)
    page = window.models
    page.refresh()
    _wait(lambda: page.evaluation.bar.model.offers(model), "the new model among the models")
    page.evaluate(model, data)
    _wait(lambda: not page.evaluation.is_busy, "an evaluation")
    if not page.evaluation.result.isVisible():
        raise _StepError(f"the model was not evaluated: {page.evaluation.notice.text}")
    print(f"ok: evaluated, {page.evaluation.result.summary.figures.text()}", flush=True)

    page.show_view("library")
    library = page.library
    library.select(model)
    export = home / "model.onnx"
    library.exporting.write(export)
    _wait(lambda: not library.exporting.is_busy, "an export")
    if not export.is_file():
        raise _StepError(f"the model was not exported: {library.notice.text}")
    print(f"ok: exported, {library.exporting.said.text()}", flush=True)

    report = home / "report.html"
    page.write_report_to(str(model), report)
    _wait(lambda: report.is_file() or page.notice.is_error, "a report")
    if not report.is_file():
        raise _StepError(f"no report was written: {page.notice.text}")
    print(f"ok: a report of {report.stat().st_size // 1000} kB", flush=True)


class _Collector(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.finished: Finished | None = None
        self.error: object = None

    @Slot(object)
    def on_completed(self, event: Finished) -> None:
        self.finished = event

    @Slot(object, object)
    def on_model_failed(self, path: Path, error: object) -> None:
        self.error = error

    @Slot(object)
    def on_failed(self, error: object) -> None:
        self.error = error


def _wait(is_done: Callable[[], bool], what: str) -> None:
    """Run the event loop until *is_done*."""
    loop = QEventLoop()
    look = QTimer()
    look.timeout.connect(lambda: loop.quit() if is_done() else None)
    look.start(20)
    late = QTimer()
    late.setSingleShot(True)
    late.timeout.connect(loop.quit)
    late.start(_STEP_SECONDS * 1000)
    loop.exec()
    if not is_done():
        raise _StepError(f"waited {_STEP_SECONDS} s in vain for {what}")


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
