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
    """From *least* to *most* seconds; one time where both read alike, and one unit where both have
    the same."""
    (low, unit_of_low), (high, unit) = _in_unit(least), _in_unit(most)
    if (low, unit_of_low) == (high, unit):
        return duration(most)
    if unit_of_low != unit:
        low, high = duration(least), duration(most)
    text = QCoreApplication.translate("Duration", "{low} to {high}").format(low=low, high=high)
    return unit.format(count=text) if unit_of_low == unit else text


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, whichever says it in a few digits."""
    count, unit = _in_unit(seconds)
    return unit.format(count=count)


def _in_unit(seconds: float) -> tuple[str, str]:
    if seconds < 90:
        unit = QCoreApplication.translate("Duration", "{count} s")
        return str(max(1, round(seconds))), unit
    if seconds < 90 * 60:
        return str(round(seconds / 60)), QCoreApplication.translate("Duration", "{count} min")
    return f"{seconds / 3600:.1f}", QCoreApplication.translate("Duration", "{count} h")
