"""Data, model, fit, evaluate and predict for photos of fruit and vegetables: plain Python and torch, no Qt."""

__version__ = "0.1.0"
