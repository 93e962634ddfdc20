"""Widgets of several pages: they know neither torch nor the pages they stand on."""
