"""The desktop app: a Qt window around :mod:`trainer`."""
