"""Python's cyclic garbage, collected where it can do no harm."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_MILLISECONDS_BETWEEN_LOOKS = 1000


class GarbageCollection(QObject):
    """Collects cyclic garbage in the thread that made this object, and only between its events.

    Left to itself, Python collects in whichever thread happens to allocate, whatever that is doing.
    A widget in a cycle would then be deleted by a worker, or while Qt goes through all widgets to
    dress them anew: each is a crash.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.collect()
        gc.freeze()  # What has been imported stays, and is not looked through again.
        timer = QTimer(self)
        timer.timeout.connect(self.collect_if_due)
        timer.start(_MILLISECONDS_BETWEEN_LOOKS)

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation whose threshold has been passed, as Python would."""
        pairs = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, limit) in enumerate(pairs) if count > limit]
        if due:
            gc.collect(due[-1])
