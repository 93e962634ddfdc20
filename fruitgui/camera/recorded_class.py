"""What the Camera page knows of a class of the data set that it shows."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from fruitgui.camera.class_recorder import ClassRecorder
from trainer.data.recordings import recording_of


class RecordedClassRow:
    """A class's row, and the photos that it counts."""

    def __init__(self, row: ClassRecorder) -> None:
        self.row = row
        self.photos: dict[Path, str | None] = {}
        """Each with the recording that it is of, the newest last."""
        self._recordings: Counter[str] = Counter()

    def add(self, photos: Iterable[Path]) -> None:
        for photo in photos:
            if photo not in self.photos:
                self.photos[photo] = recording = recording_of(photo)
                if recording is not None:
                    self._recordings[recording] += 1

    def remove(self, photos: Iterable[Path]) -> None:
        for photo in photos:
            recording = self.photos.pop(photo, None)
            if recording is not None:
                self._recordings[recording] -= 1
        self._recordings += Counter()  # Those without photos go.

    @property
    def recordings(self) -> int:
        return len(self._recordings)

    @property
    def can_be_checked(self) -> bool:
        """Whether some can be set aside that are not of the recording that is learnt from."""
        single = len(self.photos) - self._recordings.total()
        return self.recordings + single > 1

    def last_recording(self) -> list[Path]:
        """The frames of the newest recording."""
        last = max(self._recordings, default="")
        return [photo for photo, recording in self.photos.items() if recording == last]

    def show_count(self) -> None:
        self.row.show_count(len(self.photos), self.recordings)
