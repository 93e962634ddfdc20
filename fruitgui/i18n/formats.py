"""Durations, small numbers and names of devices, in the user's language."""

from decimal import ROUND_CEILING, Decimal

from PySide6.QtCore import QCoreApplication

from trainer.runtime.device_info import threads_of

_MOST_SECONDS, _MOST_MINUTES = 90, 90 * 60
"""From so many seconds on, minutes are told, and hours."""


def display_device(name: str) -> str:
    """What to show for a device: GPUs have names of their own."""
    threads = threads_of(name)
    if threads is None:
        return name
    text = QCoreApplication.translate("Device", "CPU, threads: {count}")
    return text.format(count=threads)


def small_number(value: float) -> str:
    """A number far below 1 by its first digit, without an exponent, and no smaller than it is:
    0.0005 of 0.00044."""
    exact = Decimal(value)
    digit = Decimal(1).scaleb(exact.adjusted()) if exact else Decimal(1)
    return format(exact.quantize(digit, ROUND_CEILING).normalize(), "f")


def duration_range(least: float, most: float) -> str:
    """From *least* to *most* seconds, in the unit of the latter; one time where both read alike."""
    low, high = (_counted(seconds, most) for seconds in (least, most))
    if low == high:
        return duration(most)
    text = QCoreApplication.translate("Duration", "{low} to {high}").format(low=low, high=high)
    return _unit(most).format(count=text)


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, whichever says it in a few digits."""
    return _unit(seconds).format(count=_counted(seconds, seconds))


def _unit(seconds: float) -> str:
    if seconds < _MOST_SECONDS:
        return QCoreApplication.translate("Duration", "{count} s")
    if seconds < _MOST_MINUTES:
        return QCoreApplication.translate("Duration", "{count} min")
    return QCoreApplication.translate("Duration", "{count} h")


def _counted(seconds: float, of: float) -> str:
    """In the unit that so many seconds are told *of*."""
    if of < _MOST_SECONDS:
        return str(max(1, round(seconds)))
    return str(max(1, round(seconds / 60))) if of < _MOST_MINUTES else f"{seconds / 3600:.1f}"
