"""What the Camera page knows of a class of the data set that it shows."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from fruitgui.camera.class_recorder import ClassRecorder
from trainer.data.recordings import burst_of


class RecordedClassRow:
    """A class's row, and the photos that it counts."""

    def __init__(self, row: ClassRecorder) -> None:
        self.row = row
        self.photos: dict[Path, str | None] = {}
        """Each with the burst that it is of, the newest last."""
        self._bursts: Counter[str] = Counter()

    def add(self, photos: Iterable[Path]) -> None:
        for photo in photos:
            if photo not in self.photos:
                self.photos[photo] = burst = burst_of(photo)
                if burst is not None:
                    self._bursts[burst] += 1

    def remove(self, photos: Iterable[Path]) -> None:
        for photo in photos:
            burst = self.photos.pop(photo, None)
            if burst is not None:
                self._bursts[burst] -= 1
        self._bursts += Counter()  # Those without photos go.

    @property
    def recordings(self) -> int:
        return len(self._bursts)

    @property
    def can_be_checked(self) -> bool:
        """Whether some can be set aside that are not of the recording that is learnt from."""
        single = len(self.photos) - self._bursts.total()
        return self.recordings + single > 1

    def last_burst(self) -> list[Path]:
        """The frames of the newest recording."""
        last = max(self._bursts, default="")
        return [photo for photo, burst in self.photos.items() if burst == last]

    def show_count(self) -> None:
        self.row.show_count(len(self.photos), self.recordings)
