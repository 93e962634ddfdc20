"""Where to save, of what the user answered a dialog."""

from pathlib import Path

from trainer.data.file_copies import free_place


def chosen_file(answer: str, *suffixes: str) -> Path:
    """The file that was chosen. Without one of *suffixes* it gets the first, and with that a name
    that is free: the dialog has asked about the name without its suffix only.

    Args:
        suffixes: with their dots, in lower case.
    """
    file = Path(answer)
    if file.suffix.lower() in suffixes:
        return file
    return free_place(file.with_name(file.name + suffixes[0]))
