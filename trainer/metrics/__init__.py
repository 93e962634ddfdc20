"""Figures from arrays. Needs no torch."""
