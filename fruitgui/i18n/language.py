"""The language of the window."""

from typing import Literal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from fruitgui.settings import Language

AVAILABLE: dict[Language, str] = {"en": "English", "ko": "한국어"}
"""Each language's code, and its name in itself."""


class Translation:
    """Installs the translators of one language at a time; windows get a LanguageChange event."""

    def __init__(self) -> None:
        self._translators: list[QTranslator] = []
        self.code: Language = "en"
        """What is in use: one of :data:`AVAILABLE`."""

    def install(self, language: Language) -> None:
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self._translators = []
        self.code = _of_system() if language == "system" else language
        # A system in the same language knows better how its user writes dates.
        system = QLocale.system()
        wanted = QLocale(self.code)
        QLocale.setDefault(system if system.language() == wanted.language() else wanted)
        for folder, name in (
            (":/translations", f"fruitgui_{self.code}"),
            (
                QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
                f"qtbase_{self.code}",
            ),
            (":/translations", f"qt_{self.code}"),  # What that leaves in English.
        ):
            translator = QTranslator()
            if translator.load(name, folder):
                QCoreApplication.installTranslator(translator)
                self._translators.append(translator)


def of_documents() -> Literal["en", "ko"]:
    """The language of what the app writes to files, which is the window's."""
    return "ko" if QLocale().language() == QLocale.Language.Korean else "en"


def _of_system() -> Language:
    return "ko" if QLocale.system().language() == QLocale.Language.Korean else "en"
