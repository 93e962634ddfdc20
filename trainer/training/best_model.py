"""Which epoch's model is kept."""

from trainer.config.recipe import Recipe
from trainer.training.checkpoint import Checkpoint


def is_better(recipe: Recipe, loss: float, accuracy: float, checkpoint: Checkpoint) -> bool:
    if checkpoint.best_epoch == 0:
        return True
    if recipe.monitor == "loss":
        return loss < checkpoint.best_loss
    # Accuracies of few photos are often equal.
    return (accuracy, -loss) > (checkpoint.best_accuracy, -checkpoint.best_loss)
