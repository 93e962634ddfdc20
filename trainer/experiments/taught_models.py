"""Models that were taught more since they were trained, a folder each, and what taught them."""

import json
import logging
import shutil
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer import paths
from trainer.config.recipe import Recipe
from trainer.data.file_copies import class_folder, copy_photo
from trainer.data.file_names import folder_name, numbered_names
from trainer.data.recordings import recording_of
from trainer.errors import ModelFileError, TrainerError
from trainer.evaluation.calibrate import measure_growth
from trainer.evaluation.seen_images import SEEN_FILE, seen_by, write_seen
from trainer.events import Preparing
from trainer.experiments.run import open_run
from trainer.inference.engine_selection import model_digest
from trainer.inference.predictor import Predictor
from trainer.models.growth import Growth, read_growth
from trainer.models.metadata import SUFFIX, ModelInfo, read_model_info
from trainer.storage.atomic import replacing_folder, write_text
from trainer.storage.file_digests import digest_of
from trainer.teaching.teach import Taught, forget, named_alike, teach
from trainer.teaching.teachable_model import TeachableModel

MODEL_FILE = f"model{SUFFIX}"
_LESSONS_FILE = "lessons.json"
_VALIDATED = 5


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a model was before it was taught more, and where the photos were that taught it."""

    base: Path | None
    """None where that is not known."""
    photos: Mapping[str, Mapping[str, str]]
    """By the ids of its lessons: the class that was said to be on each photo, by its path."""

    def paths(self) -> dict[Path, str]:
        """All photos, with what is on them."""
        return {Path(path): kind for each in self.photos.values() for path, kind in each.items()}


def taught_file(model_file: Path) -> Path:
    """Where a model goes that is taught more: one that was already, to where it is; any other to a
    new place.

    Raises:
        ModelFileError: it is missing, damaged, or not a model of this app.
    """
    if is_taught(model_file):
        return model_file
    name = folder_name(read_model_info(model_file).title)
    return _free_folder(paths.taught_models_folder() / name) / MODEL_FILE


def is_taught(model_file: Path) -> bool:
    """Whether a model is kept as one that was taught more."""
    return model_file.parent.parent == paths.taught_models_folder()


def teach_kept(
    model_file: Path, photos: Sequence[tuple[Path, str]], device: str = "auto"
) -> Generator[Preparing, None, Taught]:
    """Teach a model some photos, each with what is on it, and keep what it is then among the user's
    models.

    For a model of an earlier version, what that needs is measured first, on the photos that it
    learnt from.

    Raises:
        ModelFileError: as of :func:`trainer.teaching.teach.teach`; or what it has learnt from
            cannot be read.
        OSError: the disk is full.
    """
    target = taught_file(model_file)
    predictor = Predictor(model_file, device)
    growth = read_growth(model_file)
    if growth is None:
        growth = yield from _measured(predictor)
    # First of all: what it has learnt from may be kept in a file that is damaged.
    seen_by(model_file, "test")
    before = lessons_of(model_file)
    taught = yield from teach(predictor, photos, target, growth)
    named = named_alike(photos, predictor.info.classes)
    ids = {each.id: each.kind for each in taught.info.taught if each.id in taught.lessons}
    new = {
        id: {str(path.absolute()): name for path, name in named if name == kind}
        for id, kind in ids.items()
    }
    base = before.base if before is not None else None if is_taught(model_file) else model_file
    kept = before.photos if before is not None else {}
    try:
        _write(target, Lessons(base, {**kept, **new}), taught.info)
    except OSError as error:
        # It is learnt all the same; where its photos were is not needed for that.
        logging.getLogger(__name__).warning("“%s”: %s", target, error)
    return taught


def forget_kept(model_file: Path, lessons: Collection[str], digests: Collection[str] = ()) -> Path:
    """Take lessons back, by their ids, and photos, by their contents; returns the model that is
    left: what it was before where no lesson is, if that is still there.

    Raises:
        ModelFileError: it is missing or damaged.
        OSError: the disk is full.
    """
    digest = read_model_info(model_file).grown_from
    info = forget(model_file, lessons, digests)
    known = lessons_of(model_file)
    if known is None:
        return model_file
    base = known.base
    if not info.taught and base is not None and base.is_file() and model_digest(base) == digest:
        shutil.rmtree(model_file.parent)
        return base
    _write(model_file, known, info)
    return model_file


def gather_photos(model_file: Path) -> Generator[Preparing, None, tuple[Path, Recipe]]:
    """Put copies of the classes' photos that a model has learnt from into one data set: what it was
    trained on, and what it was taught since, of which the last of several recordings, or else
    every fifth photo, is to validate with. What it was taught of a photo goes before what that was
    in the data set.

    Returns:
        The data set's folder, and the recipe that the model was trained by.

    Raises:
        TrainerError: the photos or the run are not there any more.
        OSError: the disk is full.
    """
    lessons = lessons_of(model_file)
    if lessons is None or lessons.base is None:
        raise ModelFileError("It is not known what “{path}” was taught.", path=model_file)
    run = open_run(str(lessons.base.parent))
    data_set = yield from run.read_data()
    taught = [(path, kind) for path, kind in lessons.paths().items() if path.is_file()]
    said = {digest_of(path.read_bytes()) for path, _ in taught}
    wanted = [
        (photo.path, split, data_set.classes[photo.label])
        for split, photos in data_set.splits.items()
        for photo in photos
        if photo.label != data_set.background
    ]
    total, done = len(wanted) + len(taught), 0
    folder = _free_folder(paths.gathered_folder() / model_file.parent.name)
    with replacing_folder(folder) as temporary:
        for photo_path, split, kind in (*wanted, *_split(taught)):
            is_old = done < len(wanted)
            # What has gone since is not learnt from.
            if photo_path.is_file() and not (is_old and digest_of(photo_path.read_bytes()) in said):
                copy_photo(photo_path, class_folder(temporary / split, kind) / photo_path.name)
            done += 1
            yield Preparing("look", done, total)
    return folder, run.recipe


def _split(taught: Sequence[tuple[Path, str]]) -> Iterator[tuple[Path, str, str]]:
    """What was taught, with its split: the frames of one recording are much alike, and stay on one
    side."""
    by_kind: dict[str, list[Path]] = {}
    for path, kind in taught:
        by_kind.setdefault(kind, []).append(path)
    for kind, photos in by_kind.items():
        recordings = sorted({recording for path in photos if (recording := recording_of(path))})
        last = recordings[-1] if len(recordings) > 1 else None
        for number, path in enumerate(photos, start=1):
            is_held_out = (
                recording_of(path) == last
                if last is not None
                else not recordings and number % _VALIDATED == 0
            )
            yield path, "validation" if is_held_out else "train", kind


def lessons_of(model_file: Path) -> Lessons | None:
    """What taught a model; None where nothing is known, as of one that is not kept here."""
    if not is_taught(model_file):
        return None
    try:
        values = json.loads((model_file.parent / _LESSONS_FILE).read_bytes())
        base = Path(values["base"]) if values["base"] is not None else None
        photos = {str(id): dict(each) for id, each in values["photos"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Lessons(base, photos)


def _measured(predictor: Predictor) -> Generator[Preparing, None, Growth | None]:
    try:
        data_set = yield from open_run(str(predictor.model_file.parent)).read_data()
    except TrainerError as error:
        raise ModelFileError(
            "“{path}” was made by an earlier version or elsewhere, and the photos that it learnt "
            "from are not there, so it cannot be taught more. Teach another model, or train one.",
            path=predictor.model_file.name,
        ) from error
    return (yield from measure_growth(predictor, data_set))


def _write(model_file: Path, lessons: Lessons, info: ModelInfo) -> None:
    """Keep what is known of the lessons that the model says it was taught."""
    known = {each.id for each in info.taught}
    photos = {id: dict(each) for id, each in lessons.photos.items() if id in known}
    values = {"base": None if lessons.base is None else str(lessons.base), "photos": photos}
    _note_seen(model_file, lessons.base)
    write_text(model_file.parent / _LESSONS_FILE, json.dumps(values, ensure_ascii=False))


def _note_seen(model_file: Path, base: Path | None) -> None:
    """It is not tested on what it was taught, nor on what it has learnt from before."""
    train = {digest for each in TeachableModel.read(model_file).lessons for digest in each.digests}
    learnt = seen_by(base, "validation") if base is not None else frozenset()
    validation = seen_by(base, "test") - learnt if base is not None else frozenset()
    write_seen(model_file.with_name(SEEN_FILE), train | learnt, validation)


def _free_folder(folder: Path) -> Path:
    names = (folder.with_name(name) for name in numbered_names(folder.name))
    return next(path for path in names if not path.exists())
