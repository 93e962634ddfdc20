"""What classes of produce are called in the user's language."""

from collections.abc import Iterable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trainer.data.class_names import told_apart

_NAMES: tuple[str, ...] = (
    str(QT_TRANSLATE_NOOP("Produce", "Acorn squash")),
    str(QT_TRANSLATE_NOOP("Produce", "Apple")),
    str(QT_TRANSLATE_NOOP("Produce", "Artichoke")),
    str(QT_TRANSLATE_NOOP("Produce", "Asparagus")),
    str(QT_TRANSLATE_NOOP("Produce", "Aubergine")),
    str(QT_TRANSLATE_NOOP("Produce", "Avocado")),
    str(QT_TRANSLATE_NOOP("Produce", "Banana")),
    str(QT_TRANSLATE_NOOP("Produce", "Beetroot")),
    str(QT_TRANSLATE_NOOP("Produce", "Bell pepper")),
    str(QT_TRANSLATE_NOOP("Produce", "Broccoli")),
    str(QT_TRANSLATE_NOOP("Produce", "Brown cap mushroom")),
    str(QT_TRANSLATE_NOOP("Produce", "Butternut squash")),
    str(QT_TRANSLATE_NOOP("Produce", "Cabbage")),
    str(QT_TRANSLATE_NOOP("Produce", "Capsicum")),
    str(QT_TRANSLATE_NOOP("Produce", "Carrot")),
    str(QT_TRANSLATE_NOOP("Produce", "Carrots")),
    str(QT_TRANSLATE_NOOP("Produce", "Cauliflower")),
    str(QT_TRANSLATE_NOOP("Produce", "Chilli pepper")),
    str(QT_TRANSLATE_NOOP("Produce", "Corn")),
    str(QT_TRANSLATE_NOOP("Produce", "Cucumber")),
    str(QT_TRANSLATE_NOOP("Produce", "Custard apple")),
    str(QT_TRANSLATE_NOOP("Produce", "Eggplant")),
    str(QT_TRANSLATE_NOOP("Produce", "Fig")),
    str(QT_TRANSLATE_NOOP("Produce", "Garlic")),
    str(QT_TRANSLATE_NOOP("Produce", "Ginger")),
    str(QT_TRANSLATE_NOOP("Produce", "Grapes")),
    str(QT_TRANSLATE_NOOP("Produce", "Jackfruit")),
    str(QT_TRANSLATE_NOOP("Produce", "Jalepeno")),
    str(QT_TRANSLATE_NOOP("Produce", "Kiwi")),
    str(QT_TRANSLATE_NOOP("Produce", "Leek")),
    str(QT_TRANSLATE_NOOP("Produce", "Lemon")),
    str(QT_TRANSLATE_NOOP("Produce", "Lettuce")),
    str(QT_TRANSLATE_NOOP("Produce", "Lime")),
    str(QT_TRANSLATE_NOOP("Produce", "Mango")),
    str(QT_TRANSLATE_NOOP("Produce", "Melon")),
    str(QT_TRANSLATE_NOOP("Produce", "Mushroom")),
    str(QT_TRANSLATE_NOOP("Produce", "Nectarine")),
    str(QT_TRANSLATE_NOOP("Produce", "Onion")),
    str(QT_TRANSLATE_NOOP("Produce", "Orange")),
    str(QT_TRANSLATE_NOOP("Produce", "Papaya")),
    str(QT_TRANSLATE_NOOP("Produce", "Paprika")),
    str(QT_TRANSLATE_NOOP("Produce", "Passion fruit")),
    str(QT_TRANSLATE_NOOP("Produce", "Peach")),
    str(QT_TRANSLATE_NOOP("Produce", "Pear")),
    str(QT_TRANSLATE_NOOP("Produce", "Peas")),
    str(QT_TRANSLATE_NOOP("Produce", "Pepper")),
    str(QT_TRANSLATE_NOOP("Produce", "Pineapple")),
    str(QT_TRANSLATE_NOOP("Produce", "Plum")),
    str(QT_TRANSLATE_NOOP("Produce", "Pomegranate")),
    str(QT_TRANSLATE_NOOP("Produce", "Potato")),
    str(QT_TRANSLATE_NOOP("Produce", "Raddish")),
    str(QT_TRANSLATE_NOOP("Produce", "Red beet")),
    str(QT_TRANSLATE_NOOP("Produce", "Red grapefruit")),
    str(QT_TRANSLATE_NOOP("Produce", "Satsumas")),
    str(QT_TRANSLATE_NOOP("Produce", "Soy beans")),
    str(QT_TRANSLATE_NOOP("Produce", "Spaghetti squash")),
    str(QT_TRANSLATE_NOOP("Produce", "Spinach")),
    str(QT_TRANSLATE_NOOP("Produce", "Strawberry")),
    str(QT_TRANSLATE_NOOP("Produce", "Sweetcorn")),
    str(QT_TRANSLATE_NOOP("Produce", "Sweetpotato")),
    str(QT_TRANSLATE_NOOP("Produce", "Tomato")),
    str(QT_TRANSLATE_NOOP("Produce", "Turnip")),
    str(QT_TRANSLATE_NOOP("Produce", "Watermelon")),
    str(QT_TRANSLATE_NOOP("Produce", "Zucchini")),
)
_KNOWN = {name.casefold(): name for name in _NAMES}


def display_names(classes: Iterable[str]) -> dict[str, str]:
    """What to show for classes that stand side by side: no two are called the same."""
    return told_apart({name: display_name(name) for name in classes})


def display_name(class_name: str) -> str:
    """What to show for a class: translated where it is a known one, else the user's own name."""
    spaced = class_name.replace("-", " ").replace("_", " ").strip()
    known = _KNOWN.get(spaced.casefold())
    return QCoreApplication.translate("Produce", known) if known else class_name
