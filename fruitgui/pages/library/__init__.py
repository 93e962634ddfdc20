"""The view of the models themselves."""
