"""Reusable widgets: they know neither torch nor the pages they stand on."""
