"""The model that ships with the app, as weights to start from; needs no torch."""

from pathlib import Path

from trainer import paths
from trainer.errors import ModelFileError, WeightsError
from trainer.models.metadata import read_model_info


def starter_for(architecture: str) -> Path:
    """The starter's file, to start an architecture from.

    Raises:
        WeightsError: it is missing, or of another architecture.
    """
    path = paths.starter_model()
    try:
        starter = read_model_info(path).architecture
    except ModelFileError as error:
        raise WeightsError("The starter model is missing: {detail}", detail=error) from error
    if starter != architecture:
        raise WeightsError(
            "The starter model is a {starter}, so its weights cannot start a {model}. "
            "Choose the model {starter}, or other weights.",
            starter=starter,
            model=architecture,
        )
    return path
