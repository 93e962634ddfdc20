"""Where a model sees a class on a photo."""

import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from fruitgui.qimages import extended, to_grey_image
from trainer.data.images import open_upright

if TYPE_CHECKING:
    from trainer.inference.grad_cam import Head
    from trainer.inference.predictor import Predictor

_HEAT_MAP_SIDE = 160
_SECONDS_BETWEEN_TRIES = 0.05


@dataclass(frozen=True, slots=True)
class SeenAt:
    """Where a model sees a class on a photo."""

    model: Path
    path: Path
    label: str
    heat: QImage
    """Grey, of the photo's aspect ratio where the model crops; null where there is none."""


class Explainer:
    """Makes heat maps with whatever model; the last one stays loaded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[tuple[Path, int, int], Predictor, Head] | None = None

    def heat_map(self, model: Path, path: Path, label: str) -> Generator[None, None, SeenAt]:
        """Returns where *model* sees the class *label*."""
        yield
        # One at a time. Whoever is not waited for any more gives up here.
        while not self._lock.acquire(timeout=_SECONDS_BETWEEN_TRIES):
            yield
        try:
            yield
            image = self._heat_map(model, path, label)
        finally:
            self._lock.release()
        return SeenAt(model, path, label, image)

    def forget(self) -> None:
        """Keep no model in memory. A heat map that is under way keeps its own."""
        self._loaded = None

    def _heat_map(self, model: Path, path: Path, label: str) -> QImage:
        from trainer.data.transforms import square
        from trainer.inference.grad_cam import look_closely, read_head
        from trainer.inference.predictor import Predictor

        # Training that is gone on with writes to the same place.
        status = model.stat()
        identity = (model, status.st_size, status.st_mtime_ns)
        loaded = self._loaded
        if loaded is None or loaded[0] != identity:
            predictor = Predictor(model)
            loaded = (identity, predictor, read_head(model, predictor.info))
            self._loaded = loaded
        _, predictor, head = loaded
        info = predictor.info
        if label not in info.classes:
            return QImage()
        photo = open_upright(path, at_least=info.image_size)
        seen = look_closely(predictor.engine, head, square(photo, info.image_size, info.resize))
        heat = seen.heat_map(info.classes.index(label), _HEAT_MAP_SIDE)
        image = to_grey_image(np.round(heat * 255).astype(np.uint8))
        return extended(image, *photo.size) if info.resize == "crop" else image
