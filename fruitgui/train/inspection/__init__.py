"""The view that looks through a data set before training."""
