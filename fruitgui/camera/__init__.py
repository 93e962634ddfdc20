"""The Camera page."""
