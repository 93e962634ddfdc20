"""``--self-test``: the whole path through the real window, a line a step, and no connection."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QImage, QPainter

from fruitgui.app import create_application, create_window
from fruitgui.camera.sources import video_file
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from fruitgui.train.training_thread import TrainingThread
from trainer import paths
from trainer.config.presets import PRESETS
from trainer.control import Control
from trainer.events import EpochDone, Finished, RunStarted
from trainer.experiments.run import create_run, open_run
from trainer.export.format import SUFFIXES
from trainer.runtime.accelerators import accelerator
from trainer.runtime.device_info import threads_of
from trainer.synthetic import write_data_set
from trainer.synthetic.video import video_frames, write_video

_STEP_SECONDS = 300
_EPOCHS = 8


class _StepError(Exception):
    """A step did not do what it should."""


def self_test() -> int:
    """Returns 0 if every step worked, else 1."""
    if "QT_QPA_PLATFORM" not in os.environ and sys.platform == "linux" and not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    refuse_connections()
    with tempfile.TemporaryDirectory(
        prefix="fruitgui-self-test-", ignore_cleanup_errors=True
    ) as home:
        os.environ["FRUITGUI_HOME"] = home
        try:
            _steps(Path(home))
        except _StepError:
            return 1
    print("ok: quit cleanly, and asked nothing of the network", flush=True)
    return 0


def refuse_connections() -> None:
    """End this process, whatever would catch an exception, as soon as Python asks anything of the
    network: neither this program nor what it stands on has a reason to."""

    def look(event: str, arguments: tuple[object, ...]) -> None:
        asks = event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
        if event == "socket.connect":
            address = arguments[1]
            # Python's own pairs of sockets are paths, or of this computer.
            asks = isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1")
        if asks:
            print(f"FAILED: {event} {arguments}", flush=True)
            os._exit(3)

    sys.addaudithook(look)


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
        _unknown(window, home)
        _teach(window, home)

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
        chosen = _train(data)
        window.use_model(chosen)
        _wait(lambda: settings.model_in_use == chosen, "the new model in use")
        print("ok: the new model is in use", flush=True)
        _evaluate_and_export(window, chosen, data, home)
        if not window.close():
            raise _StepError("the window did not close at once, though nothing was unfinished")
    except _StepError as error:
        # Before the end is waited for: what hangs may be why.
        print(f"FAILED: {error}", flush=True)
        raise
    finally:
        # Also of a window that asks before it closes: a thread that runs on ends with an abort.
        window.shut_down()
        app.processEvents()


def _unknown(window: MainWindow, home: Path) -> None:
    """A picture of no produce: of this window."""
    picture = home / "window.png"
    window.grab().save(str(picture))
    window.open_photos([picture])
    photos = window.classify.photos
    _wait(lambda: len(photos.paths) == 2 and photos.answered == 2, "an answer for a picture")
    entry = photos.entry_of(picture)
    if entry is None or entry.answer is None or not entry.answer.unknown:
        raise _StepError(f"a picture of a window is taken for {entry and entry.label}")
    print("ok: not sure of a picture of a window", flush=True)


def _teach(window: MainWindow, home: Path) -> None:
    """A kind that the starter does not know, which is then taken back."""
    kind = "Zebra fruit"
    folder = home / "stripes"
    folder.mkdir()
    pictures = [folder / f"{number}.png" for number in range(5)]
    for number, picture in enumerate(pictures):
        image = QImage(96, 96, QImage.Format.Format_RGB32)
        image.fill(QColor("#2030d0"))
        painter = QPainter(image)
        for left in range(2 * number, 96, 24):
            painter.fillRect(left, 0, 10, 96, QColor("#f0f0f0"))
        painter.end()
        image.save(str(picture))
    photos, card = window.classify.photos, window.classify.results.teach_card
    before = len(photos.paths)
    window.open_photos(pictures)
    _wait(lambda: photos.answered == before + len(pictures), "answers for stripes")
    window.classify.edits.correct(pictures[:4], kind)
    card.button.click()
    _wait(lambda: not window.teacher.is_busy, "a lesson")
    _wait(lambda: kind in window.teacher.classes, "the taught model in use")
    _wait(lambda: photos.answered == before + len(pictures), "its answers")
    asked = photos.entry_of(pictures[-1])
    if asked is None or asked.answer is None or asked.answer.top[0].label != kind:
        raise _StepError(f"what was taught is not known: {window.classify.notice.text}")
    print(f"ok: {window.classify.taught.text}", flush=True)
    window.use_model(paths.starter_model())
    _wait(lambda: kind not in window.teacher.classes, "the starter in use again")


def _train(data: Path) -> Path:
    """Some epochs, a stop, and the rest; returns the model."""
    recipe = PRESETS["quick"].but(image_size=96, epochs=_EPOCHS)
    begun = _Collector()
    training = TrainingThread(lambda: create_run(recipe, data))
    begun.stops_after_an_epoch = training.control
    if _finished(training, begun).ending != "stopped" or begun.started is None:
        raise _StepError("the training was not stopped")
    device = begun.started.device
    if accelerator() == "cuda" and threads_of(device) is not None:
        raise _StepError(f"there is a GPU, and it was trained on {device}")
    print(f"ok: trained on {device}, and stopped after {len(begun.epochs)} epochs", flush=True)

    folder, rest = begun.started.run, _Collector()
    finished = _finished(TrainingThread(lambda: open_run(str(folder))), rest)
    first = rest.started.first_epoch if rest.started is not None else 0
    # It may stop early, but neither before it goes on nor with a gap.
    is_whole = rest.epochs == [*range(1, len(rest.epochs) + 1)]
    if finished.model is None or not 1 < first <= len(rest.epochs) or not is_whole:
        raise _StepError(f"it went on with epoch {first}, and has {rest.epochs}")
    print(f"ok: went on with epoch {first}, {finished.seconds:.1f} s in all", flush=True)
    return finished.model


def _finished(training: TrainingThread, collected: "_Collector") -> Finished:
    """Train to the end."""
    # In the training's thread, which is to stop before the next epoch.
    training.happened.connect(collected.on_happened, Qt.ConnectionType.DirectConnection)
    training.completed.connect(collected.on_completed)
    training.failed.connect(collected.on_failed)
    training.start()
    _wait(training.isFinished, "an epoch of training")
    QCoreApplication.processEvents()
    if collected.finished is None:
        raise _StepError(f"the training failed: {collected.error}")
    return collected.finished


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
    for suffix in SUFFIXES.values():
        export = home / f"model{suffix}"
        library.exporting.write(export)
        _wait(lambda: not library.exporting.is_busy, "an export")
        if not export.is_file():
            raise _StepError(f"the model was not exported: {library.notice.text}")
        print(f"ok: exported, {library.exporting.said.text()}", flush=True)

    report = home / "report.html"
    page.write_report_to(str(model), report)
    _wait(lambda: not page.unfinished(), "a report")
    if not report.is_file():
        raise _StepError(f"no report was written: {page.notice.text}")
    print(f"ok: a report of {report.stat().st_size // 1000} kB", flush=True)


class _Collector(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.finished: Finished | None = None
        self.error: object = None
        self.started: RunStarted | None = None
        self.epochs: list[int] = []
        self.stops_after_an_epoch: Control | None = None

    @Slot(object)
    def on_happened(self, event: object) -> None:
        match event:
            case RunStarted():
                self.started = event
            case EpochDone():
                self.epochs.append(event.epoch)
                if self.stops_after_an_epoch is not None:
                    self.stops_after_an_epoch.stop()

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
