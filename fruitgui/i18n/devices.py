"""What devices are called in the user's language."""

from PySide6.QtCore import QCoreApplication

from trainer.runtime.device_info import threads_of


def display_device(name: str) -> str:
    """What to show for a device: GPUs have names of their own."""
    threads = threads_of(name)
    if threads is None:
        return name
    text = QCoreApplication.translate("Device", "CPU, threads: {count}")
    return text.format(count=threads)
