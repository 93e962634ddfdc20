"""Data, model, fit, evaluate and predict, for photos of fruit and vegetables; knows no Qt."""

__version__ = "0.1.0"
