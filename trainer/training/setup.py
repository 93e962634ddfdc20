"""What is done once before the first epoch: weights, decoded photos, the frozen trunk's output."""

import hashlib
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import torch

from trainer import paths
from trainer.config.recipe import Recipe
from trainer.control import Control, relay
from trainer.data.dataset import DataSet, Photo
from trainer.data.left_out import listed
from trainer.errors import DataNotFoundError, DatasetError, RecipeError
from trainer.evaluation.seen_images import SEEN_FILE, seen_by, write_seen
from trainer.events import Event, PhotoSkipped, Preparing
from trainer.experiments.run import Run
from trainer.experiments.run_photos import changes_since
from trainer.models.classifier import Classifier
from trainer.models.joint_head import JointHead
from trainer.models.model_file import load_model
from trainer.models.pretrained import load_pretrained, load_trunk
from trainer.runtime.device import Compute
from trainer.runtime.distributed import ALONE, Ranks
from trainer.storage import caches
from trainer.training.augmentation import stored_size
from trainer.training.batches import Examples, Images, batches_of
from trainer.training.checkpoint import Checkpoint
from trainer.training.decoded_images import DecodedPhotos, decode
from trainer.training.distillation import match_scale
from trainer.training.feature_cache import TrunkPrecision, can_cache_trunk, run_trunk
from trainer.training.learner import Learner

_PHOTOS_TO_MATCH_SCALE_ON = 64
_SMALLEST_BATCH, _LARGEST_BATCH = 8, 64
_STEPS_AN_EPOCH = 50


@dataclass(frozen=True, slots=True)
class Means:
    """How a run is computed: nothing here decides its result but within rounding."""

    compute: Compute
    threads: int | None = None
    """How many decode photos; None chooses."""
    trunk_precision: TrunkPrecision | None = "float16"
    """What a frozen trunk's output is kept in; None computes it anew in every epoch."""
    ranks: Ranks = ALONE


@dataclass(frozen=True, slots=True)
class Prepared:
    learner: Learner
    training: Examples
    validation: Examples


def batch_size_of(recipe: Recipe, training_photos: int) -> int:
    """The recipe's batch size; where it leaves that open, a power of two from 8 to 64 that makes
    about 50 steps an epoch."""
    if recipe.batch_size:
        return recipe.batch_size
    size = _SMALLEST_BATCH
    while size < _LARGEST_BATCH and training_photos > size * _STEPS_AN_EPOCH * 1.5:
        size *= 2
    return size


def prepare(
    run: Run, data_set: DataSet, checkpoint: Checkpoint, control: Control, means: Means
) -> Generator[Event, None, Prepared]:
    """Make all that the loop needs, from the start or from a checkpoint.

    Raises:
        DatasetError: there is nothing to train on or to validate with, or the data set is gone.
        ModelFileError: the recipe's teacher cannot be loaded, or what the model that it starts from
            has learnt from cannot be read.
        OSError: the disk is full.
        RecipeError: the photos are others than when the run began, batches are too small, or the
            network or its teacher do not suit the recipe.
        WeightsError: the pretrained weights cannot be had.
    """
    recipe, ranks = run.recipe, means.ranks
    batch_size = batch_size_of(recipe, len(data_set.split("train")))
    _require_batches_for_all(batch_size, data_set, ranks)
    # First of all: nobody shall wait for photos to be told of a damaged file.
    before = _seen_by_origin(recipe) if checkpoint.epoch == 0 else frozenset()
    if ranks.is_first:
        caches.trim()
    torch.manual_seed(recipe.seed)
    classifier = yield from _classifier(run, data_set, checkpoint, control, means)
    teacher = yield from _teacher(recipe, data_set, classifier, checkpoint, means)
    training = yield from _images("train", recipe, data_set, classifier, means)
    validation = yield from _images("validation", recipe, data_set, classifier, means)
    _hold_to_contents(run, data_set, checkpoint, training, validation)
    if ranks.is_first and checkpoint.epoch == 0:
        learnt = {*training.photos.digests, *before}
        write_seen(run.folder / SEEN_FILE, learnt, validation.photos.digests)
    if teacher is not None and recipe.block_wise_epochs and checkpoint.epoch == 0:
        first = torch.arange(min(len(validation.labels), _PHOTOS_TO_MATCH_SCALE_ON))
        match_scale(classifier, teacher, validation.prepare(validation.read(first)))
    steps = len(batches_of(torch.arange(len(training.labels)), batch_size, 2 * ranks.count))
    learner = Learner(recipe, classifier, teacher, means.compute, steps, ranks)
    if checkpoint.learner is not None:
        learner.load_state_dict(checkpoint.learner)
    if means.trunk_precision is None or not can_cache_trunk(recipe, learner.first_stage):
        return Prepared(learner, training, validation)
    trunk_of = partial(
        run_trunk,
        classifier=classifier,
        stages=learner.first_stage,
        precision=means.trunk_precision,
        chunk=batch_size,
        ranks=ranks,
    )
    return Prepared(
        learner,
        (yield from trunk_of(training, views=_views(recipe))),
        (yield from trunk_of(validation)),
    )


def _require_batches_for_all(batch_size: int, data_set: DataSet, ranks: Ranks) -> None:
    smallest = min(batch_size, len(data_set.split("train")))
    if ranks.count > 1 and smallest < 2 * ranks.count:
        raise RecipeError(
            "{count} processes need batches of {least} photos or more.",
            count=ranks.count,
            least=2 * ranks.count,
        )


def _classifier(
    run: Run, data_set: DataSet, checkpoint: Checkpoint, control: Control, means: Means
) -> Generator[Event, None, Classifier]:
    """The network with the weights that it starts from, on the device. What a checkpoint has of it
    is not in it yet."""
    recipe, device = run.recipe, means.compute.device
    classifier = Classifier.of_recipe(recipe, len(data_set.classes))
    if isinstance(classifier.head, JointHead):
        classifier.head.claim(data_set.classes)
    if checkpoint.epoch == 0 and recipe.weights != "none":
        yield from _load_weights(classifier, recipe.weights, data_set.classes, means.ranks)
    elif checkpoint.epoch > 0:
        # The checkpoint has only what changes; the rest is in every model of the run.
        load_trunk(classifier, run.model_file)
    classifier.require_size(recipe.image_size)
    classifier.move_to(device)
    if device.type == "cpu":
        # A GPU's batches are short.
        classifier.obey_between_layers(control)
    return classifier


def _teacher(
    recipe: Recipe,
    data_set: DataSet,
    classifier: Classifier,
    checkpoint: Checkpoint,
    means: Means,
) -> Generator[Event, None, Classifier | None]:
    """Whom *classifier* is to answer like: the recipe's teacher, or what a joint head began as."""
    device = means.compute.device
    if recipe.teacher:
        if means.ranks.count > 1:
            raise RecipeError("A teacher can only teach in a single process.")
        return load_teacher(recipe, data_set, classifier).move_to(device)
    if recipe.head != "joint":
        return None
    if means.ranks.count > 1:
        raise RecipeError("A joint head can only learn in a single process.")
    if not recipe.retention_weight:
        return None
    origin = yield from _origin(recipe, data_set, checkpoint)
    return origin.move_to(device)


def _hold_to_contents(
    run: Run, data_set: DataSet, checkpoint: Checkpoint, training: Images, validation: Images
) -> None:
    """Raises:
    RecipeError: the pictures are others than when the run began, also where their names and sizes
        are the same, or one can be read only now.
    """
    contents = f"{training.photos.fingerprint()} {validation.photos.fingerprint()}"
    if checkpoint.contents not in {"", contents}:
        raise photos_have_changed(run, data_set)
    checkpoint.contents = contents


def _seen_by_origin(recipe: Recipe) -> frozenset[str]:
    """What it starts from may be a model, with photos of its own."""
    if recipe.weights in {"none", "imagenet"}:
        return frozenset()
    starts_from_starter = recipe.weights == "starter"
    origin_file = paths.starter_model() if starts_from_starter else Path(recipe.weights)
    return seen_by(origin_file, "test")


def photos_have_changed(run: Run, data_set: DataSet) -> RecipeError:
    changes = changes_since(run.folder, data_set)
    if changes is None:
        return RecipeError(
            "The photos in “{path}” have changed since this run began. Start a new one.",
            path=data_set.root,
        )
    return RecipeError(
        "The photos in “{path}” have changed since this run began: {missing} missing, {new} new, "
        "{resized} of another size, {relabelled} of another class or split. Start a new one.",
        path=data_set.root,
        **asdict(changes),
    )


def _views(recipe: Recipe) -> int:
    return 0 if recipe.augmentation == "none" else recipe.views


def _images(
    split: str, recipe: Recipe, data_set: DataSet, classifier: Classifier, means: Means
) -> Generator[Event, None, Images]:
    photos = data_set.split(split)
    augmentation = recipe.augmentation if split == "train" else "none"
    size = stored_size(recipe.image_size, augmentation)

    def require_folder(event: Event) -> Event:
        if isinstance(event, PhotoSkipped) and not event.path.parent.exists():
            raise DataNotFoundError(
                "“{path}” is no longer there. Connect it again, then go on.", path=data_set.root
            )
        return event

    steps = decode(photos, size, recipe.resize, means.threads, means.ranks)
    decoded = yield from relay(steps, require_folder)
    if len(decoded) == 0:
        raise DatasetError(
            "“{path}” has no readable photos in its {split} split.",
            path=data_set.root,
            split=split,
        )
    if split == "train":
        _require_each_class(photos, decoded, data_set)
    if split == "train" and len(decoded) == 1:
        raise DatasetError(
            "“{path}” has a single photo to learn from. Add more.", path=data_set.root
        )
    return Images(decoded, recipe, classifier.architecture, means.compute)


def _require_each_class(photos: Sequence[Photo], decoded: DecodedPhotos, data_set: DataSet) -> None:
    """Raises:
    DatasetError: no photo of a class can be read: it would be told apart all the same, and never
        be learnt.
    """
    readable = set(decoded.labels.tolist())
    labels = {photo.label for photo in photos} - readable - {data_set.background}
    if labels:
        names = [data_set.classes[label] for label in sorted(labels)]
        raise DatasetError(
            "None of the photos to learn these classes from can be read: {names}. Save "
            "them anew, or move these class folders out of “{path}”, and start again.",
            names=listed(names),
            path=data_set.root,
        )


def _load_weights(
    classifier: Classifier, weights: str, classes: Sequence[str], ranks: Ranks
) -> Generator[Event, None, None]:
    if ranks.is_first:
        yield from _loading(classifier, weights, classes)
    ranks.wait()  # The others find what the first one downloaded.
    if not ranks.is_first:
        yield from _loading(classifier, weights, classes)


def _loading(
    classifier: Classifier, weights: str, classes: Sequence[str]
) -> Generator[Event, None, None]:
    for done, total in load_pretrained(classifier, weights, classes):
        yield Preparing("weights", done, total)


def _origin(
    recipe: Recipe, data_set: DataSet, checkpoint: Checkpoint
) -> Generator[Event, None, Classifier]:
    """The classifier with the weights that the run started from, of which *checkpoint* keeps a
    digest.

    Raises:
        RecipeError: they are others by now.
        WeightsError: they cannot be had any more.
    """
    with torch.random.fork_rng(devices=()):
        # Weights drawn in vain would change what the run draws next.
        origin = Classifier.of_recipe(recipe, len(data_set.classes))
    yield from _loading(origin, recipe.weights, data_set.classes)
    digest = _digest_of(origin)
    if checkpoint.origin not in {"", digest}:
        raise RecipeError(
            "The weights that the run started from are others by now, so it cannot go on. Train "
            "anew."
        )
    checkpoint.origin = digest
    return origin


def _digest_of(classifier: Classifier) -> str:
    """Of all weights but those of the head's own layer, which are drawn anew each time."""
    digest = hashlib.sha256()
    for name, tensor in classifier.network.state_dict().items():
        if ".own." not in name:
            digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def load_teacher(recipe: Recipe, data_set: DataSet, pupil: Classifier) -> Classifier:
    """Load the recipe's teacher.

    Raises:
        DatasetError: it tells other classes apart than the data set has.
        ModelFileError: it cannot be loaded.
        RecipeError: it does not see images as its pupil does.
    """
    teacher, info = load_model(Path(recipe.teacher))
    if info.classes != data_set.classes:
        raise DatasetError(
            "The teacher “{teacher}” was taught other classes than “{path}” has.",
            teacher=info.title,
            path=data_set.root,
        )
    theirs, ours = (info.mean, info.std), (pupil.architecture.mean, pupil.architecture.std)
    if theirs != ours:
        raise RecipeError(
            "The teacher “{teacher}” and a {model} see pictures normalised in different ways. "
            "Choose another teacher or model.",
            teacher=info.title,
            model=pupil.architecture.title,
        )
    return teacher
