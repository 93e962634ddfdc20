"""Rendered images of produce: to try the app without photos of one's own, and to test it.

Every image is drawn by arithmetic from a kind and a seed; nothing is learnt from photos or copied
from any.
"""

from trainer.synthetic.dataset import DEFAULT_KINDS, KINDS, write_data_set, write_samples
from trainer.synthetic.scene import render

__all__ = ["DEFAULT_KINDS", "KINDS", "render", "write_data_set", "write_samples"]
