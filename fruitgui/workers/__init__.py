"""What runs beside the GUI thread.

Only here is the torch side of trainer imported, and only inside ``run``.
"""
