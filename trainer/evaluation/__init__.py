"""How good a model is, photo by photo."""
