"""Where to save, of what the user answered a dialog."""

from pathlib import Path

from trainer.copying import numbered_names


def chosen_file(answer: str, *suffixes: str) -> Path:
    """The file that was chosen. Without one of *suffixes* it gets the first, and with that a name
    that is free: the dialog has asked about the name without its suffix only.

    Args:
        suffixes: with their dots, in lower case.
    """
    file = Path(answer)
    if file.suffix.lower() in suffixes:
        return file
    names = numbered_names(file.name + suffixes[0])
    return next(path for path in map(file.with_name, names) if not path.exists())
