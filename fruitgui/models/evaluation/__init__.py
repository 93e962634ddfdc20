"""The evaluation of a model."""
