"""When a run is over: after its last epoch, or before, once it has long not become better."""

from trainer import events
from trainer.config.recipe import Recipe
from trainer.training.checkpoint import Checkpoint


def ending_of(recipe: Recipe, checkpoint: Checkpoint) -> events.Ending | None:
    """Why the run is over, or None while it is not."""
    if checkpoint.epoch >= recipe.epochs:
        return "completed"
    if recipe.patience and checkpoint.epochs_without_gain >= recipe.patience:
        return "early_stopping"
    return None


def fewest_epochs_of(recipe: Recipe, checkpoint: Checkpoint) -> int:
    """How many epochs the run will have if no epoch is better than the best so far."""
    if not recipe.patience:
        return recipe.epochs
    return min(recipe.epochs, max(1, checkpoint.best_epoch) + recipe.patience)
