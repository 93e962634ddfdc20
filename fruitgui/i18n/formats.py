"""Durations, small numbers and names of devices, in the user's language."""

from decimal import ROUND_CEILING, Decimal

from PySide6.QtCore import QCoreApplication

from trainer.runtime.device_info import threads_of


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
    """From *least* to *most* seconds; one time where both read alike."""
    low, high = duration(least), duration(most)
    if low == high:
        return high
    return QCoreApplication.translate("Duration", "{low} to {high}").format(low=low, high=high)


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, whichever says it in a few digits."""
    if seconds < 90:
        text = QCoreApplication.translate("Duration", "{count} s")
        return text.format(count=max(1, round(seconds)))
    if seconds < 90 * 60:
        text = QCoreApplication.translate("Duration", "{count} min")
        return text.format(count=round(seconds / 60))
    text = QCoreApplication.translate("Duration", "{count} h")
    return text.format(count=f"{seconds / 3600:.1f}")
