"""How the verbs are told which model is meant."""

from pathlib import Path

from trainer.errors import RecipeError
from trainer.experiments.run import open_run

MODEL_HELP = "a model file, or the id or folder of a run"


def model_file(text: str) -> Path:
    """The file of a model, or of a run's best model; a file that is not there is told by who
    opens it."""
    path = Path(text)
    if path.is_file():
        return path
    try:
        return open_run(text).model_file
    except RecipeError:
        return path
