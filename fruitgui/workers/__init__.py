"""What runs beside the GUI thread, for several pages.

What one page alone needs is in its folder: ``*_thread.py`` and ``tasks.py``. There and here torch
is imported inside of functions only, which run in a thread.
"""
