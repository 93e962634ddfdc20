"""From a photo to a prediction."""
