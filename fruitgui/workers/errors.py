"""What a worker says when something goes wrong."""

import sys

from trainer.errors import StorageError, TrainerError


def explain(error: Exception) -> TrainerError:
    """An error that can be shown. What nobody foresaw goes to the excepthook as well."""
    if isinstance(error, TrainerError):
        return error
    if isinstance(error, OSError) and error.errno is not None:
        return StorageError.of(error)
    sys.excepthook(type(error), error, error.__traceback__)
    return TrainerError(
        "Something unexpected went wrong ({detail}).", detail=f"{type(error).__name__}: {error}"
    )
