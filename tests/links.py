"""Symbolic links, where the system makes them."""

from pathlib import Path

import pytest


def symlink(link: Path, target: Path | str) -> None:
    """Make a link; the test is skipped where that is not allowed, as on Windows to most users."""
    try:
        link.symlink_to(target, target_is_directory=(link.parent / target).is_dir())
    except OSError:
        pytest.skip("this system makes no links")
