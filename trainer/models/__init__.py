"""Networks, their weights, and the model file."""
