"""What runs beside the GUI thread, for several pages.

What one page alone needs is in its folder: ``*_thread.py``, and tasks, each in a file that is
named after what it does. There and here torch is imported inside of functions only, which run in a
thread.
"""
