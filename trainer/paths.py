"""Where things are kept: what ships with the app, and what the user makes with it."""

import os
import sys
from pathlib import Path

import platformdirs

_HOME = "FRUITGUI_HOME"


def assets_folder() -> Path:
    """The folder that ships with the app: inside of the packaged program or of an installed
    package, or beside the code."""
    return _root() / "assets"


def _root() -> Path:
    """What the assets and the licence lie in."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle:
        return Path(bundle)
    package = Path(__file__).resolve().parent
    return package if (package / "assets").is_dir() else package.parent


def starter_model() -> Path:
    """The model that labels produce before the user has taught one."""
    return assets_folder() / "starter.safetensors"


def samples_folder() -> Path:
    """The rendered sample images that ship with the app."""
    return assets_folder() / "samples"


def licences() -> Path:
    """The licence of the app; in the packaged program, the folder with those of all its parts."""
    is_packaged = hasattr(sys, "_MEIPASS")
    return _root() / ("licenses" if is_packaged else "LICENSE")


def has_own_home() -> bool:
    """Whether somebody has said where the user's data are."""
    return bool(os.environ.get(_HOME))


def home() -> Path:
    """The folder of the user's data; ``FRUITGUI_HOME`` overrides it, for tests and portable use."""
    return Path(os.environ[_HOME]) if has_own_home() else usual_home()


def usual_home() -> Path:
    """Where the user's data are unless somebody has said so."""
    return Path(platformdirs.user_data_dir("fruitgui", appauthor=False))


def models_folder() -> Path:
    """Models that the user trained to keep, or imported."""
    return home() / "models"


def runs_folder() -> Path:
    """One folder a training run."""
    return home() / "runs"


def run_database() -> Path:
    """What is known of every run."""
    return home() / "runs.sqlite"


def corrections_database() -> Path:
    """What the user says is on photos."""
    return home() / "corrections.sqlite"


def caches_folder() -> Path:
    """What can be computed again: unpacked zips, decoded photos."""
    return home() / "caches"


def weights_folder() -> Path:
    """Downloaded pretrained weights."""
    return home() / "weights"


def captured_folder() -> Path:
    """Images pasted from the clipboard or taken with the camera."""
    return home() / "captured"


def demo_folder() -> Path:
    """The rendered demo data set."""
    return home() / "demo"


def recorded_folder() -> Path:
    """The data sets that were recorded with the camera."""
    return home() / "taught"  # So it was called first, and what users have stays where it is.


def taught_models_folder() -> Path:
    """One folder a model that was taught more since it was trained."""
    return home() / "grown"  # As above.


def gathered_folder() -> Path:
    """The data sets that were put together of all that taught a model."""
    return home() / "gathered"


def comparisons_folder() -> Path:
    """One folder a comparison, its runs in it."""
    return home() / "comparisons"
