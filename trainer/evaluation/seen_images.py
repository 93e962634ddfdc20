"""Which photos a model has learnt from: a file beside it, so that it is not tested on them."""

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from trainer.storage.atomic import write_text

SEEN_FILE = "learnt.json"
"""Of a run's model, in its folder; that of another model is called after it: see :func:`seen_file`.
"""
_NOT_FOR_TESTING = {"validation": ("train",), "test": ("train", "validation")}
"""What decides about a model is learnt from as well: the best epoch, and how sure it is."""


def seen_file(model_file: Path) -> Path:
    """Where the photos are told that a model outside a run's folder has learnt from, as the
    starter's are: ``starter.learnt.json`` beside ``starter.safetensors``."""
    return model_file.with_name(f"{model_file.stem}.{SEEN_FILE}")


def write_seen(file: Path, train: Iterable[str], validation: Iterable[str] = ()) -> None:
    """Keep the digests of photos, each as :func:`trainer.storage.file_digests.digest_of` gives it.

    Raises:
        OSError: the disk is full.
    """
    values = {"train": sorted(set(train)), "validation": sorted(set(validation))}
    write_text(file, json.dumps(values, indent=1))


def seen_by(model_file: Path, split: str) -> frozenset[str]:
    """The digests of photos that say nothing of a model if they are among those of *split*, or of a
    folder that is taken whole. Empty where nothing is known, as of models from elsewhere, and where
    what was learnt is asked for (``train``)."""
    if split == "train":
        return frozenset()
    file = seen_file(model_file)
    if not file.exists():
        file = model_file.with_name(SEEN_FILE)
    try:
        values = json.loads(file.read_bytes())
        names = _NOT_FOR_TESTING.get(split, ("train", "validation"))
        return frozenset(str(digest) for name in names for digest in values[name])
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        logging.getLogger(__name__).warning("“%s” is damaged: %s", file, error)
        return frozenset()
