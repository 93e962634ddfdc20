"""Runs and comparisons as they are kept on disk."""
