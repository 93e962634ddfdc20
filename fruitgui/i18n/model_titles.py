"""What models are called that have no name of their own."""

from PySide6.QtCore import QCoreApplication

from fruitgui.i18n.display_names import display_name
from trainer.models.metadata import ModelInfo

_MOST_KINDS = 3
_STARTER = "Starter"


def taught_title(info: ModelInfo) -> str:
    """Of a model that was taught more: what it was before, and what it knows since."""
    title = info.title
    if title == _STARTER:
        title = QCoreApplication.translate("ModelTitles", "Starter model")
    kinds = [display_name(kind) for kind in info.taught_kinds]
    if not kinds:
        return QCoreApplication.translate("ModelTitles", "{title}, corrected").format(title=title)
    more = ", …" if len(kinds) > _MOST_KINDS else ""
    return f"{title} + {', '.join(kinds[:_MOST_KINDS])}{more}"
