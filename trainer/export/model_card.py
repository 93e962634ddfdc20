"""The page that goes with a model to others: what it is, how good, and what it is not for.

Its parts are those of Mitchell et al., *Model Cards for Model Reporting*, FAT* 2019.
"""

import re
from collections.abc import Iterator
from typing import Any

from trainer.config.architectures import title_of
from trainer.data.class_names import Language, name_in, name_of_unsure
from trainer.export.card_texts import TEXTS, Texts
from trainer.export.format import TITLES, Exported, files_of
from trainer.export.usage_snippet import snippet
from trainer.metrics.intervals import wilson_interval
from trainer.models.metadata import ModelInfo

_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS = re.compile(
    r"""[\\`*~|\[\]]  # code, emphasis, table cells, links
    | (?<![^\W_])_ | _(?![^\W_])  # emphasis, which inside a word it is not
    | ^[#+=-] | [#]$  # headings, lists, rules
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"^(\d+)(?=[.)])")
"""Of a list."""


def model_card(info: ModelInfo, exported: Exported | None, language: Language) -> str:
    """A model card, in Markdown.

    Args:
        exported: what the card lies beside; None for a model as it is in the app.
    """
    texts = TEXTS[language]
    parts = [
        f"# {_line(info.title)}",
        texts.summary.format(count=len(info.classes)),
        *_facts(info, exported, texts),
        *_classes(info, texts),
        *_accuracy(info, texts),
        *_origin(info, texts),
        *_limits(info, texts),
        *_calibration(info, texts),
    ]
    if exported is not None:
        parts += _usage(info, exported, texts)
        parts += _check(exported, texts)
    return "\n\n".join(parts) + "\n"


def _facts(info: ModelInfo, exported: Exported | None, texts: Texts) -> Iterator[str]:
    resize = texts.crop if info.resize == "crop" else texts.squash
    size = f"{info.image_size}×{info.image_size}"
    rows = [
        (texts.architecture, _line(title_of(info.architecture))),
        (texts.image_input, texts.image_size.format(size=size, resize=resize)),
    ]
    if exported is not None:
        files = files_of(exported.path, exported.format)
        names = ", ".join(_line(file.name) for file in files)
        rows.append((texts.file, f"{names} ({TITLES[exported.format]})"))
        rows.append((texts.input, texts.photo if exported.with_preprocessing else texts.images))
    if info.created:
        rows.append((texts.created, _line(info.created)))
    yield f"## {texts.what}"
    yield "\n".join(("| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in rows)))


def _classes(info: ModelInfo, texts: Texts) -> Iterator[str]:
    yield f"## {texts.classes}"
    names = (
        tuple(_line(name) for name in (each, name_in(each, "en"), name_in(each, "ko")))
        for each in info.classes
    )
    rows = (f"| {name} | {english} | {korean} |" for name, english, korean in names)
    yield "\n".join((f"| {texts.name} | English | 한국어 |", "|---|---|---|", *rows))


def _accuracy(info: ModelInfo, texts: Texts) -> Iterator[str]:
    yield f"## {texts.accuracy}"
    accuracy = _share(info.metrics.get("validation_accuracy"))
    photos = _number(info.metrics.get("validation_photos"))
    if accuracy is None:
        yield texts.unmeasured
    elif not photos:
        yield texts.measured_somehow.format(accuracy=f"{accuracy:.1%}")
    else:
        low, high = wilson_interval(round(accuracy * photos), int(photos))
        yield texts.measured.format(
            accuracy=f"{accuracy:.1%}", low=f"{low:.1%}", high=f"{high:.1%}", count=int(photos)
        )


def _origin(info: ModelInfo, texts: Texts) -> Iterator[str]:
    yield f"## {texts.origin}"
    licence = _line(info.licence)
    yield texts.licence.format(licence=licence) if licence else texts.no_licence
    if info.weights_licence:
        yield texts.weights_licence.format(licence=_line(info.weights_licence))
    if info.taught:
        lessons = (
            texts.lesson.format(kind=_line(each.kind), photos=each.photos, at=_line(each.at))
            for each in info.taught
        )
        yield f"{texts.taught} {'; '.join(lessons)}."
    if info.data_fingerprint:
        yield texts.fingerprint.format(fingerprint=_line(info.data_fingerprint))


def _limits(info: ModelInfo, texts: Texts) -> Iterator[str]:
    yield f"## {texts.use}"
    limits = (
        texts.names,
        texts.says_unknown.format(unsure=_unsure(info, texts))
        if info.threshold
        else texts.never_says_unknown,
        texts.no_food_safety,
        texts.other_photos,
    )
    yield "\n".join(f"* {limit}" for limit in limits)


def _calibration(info: ModelInfo, texts: Texts) -> Iterator[str]:
    yield f"## {texts.calibration}"
    if info.temperature == 1:
        yield texts.no_temperature
    else:
        yield texts.temperature.format(temperature=f"{info.temperature:.4g}")
    if info.knows_background:
        yield texts.beside_background
    rule = texts.familiarity if info.familiar_scores else texts.confidence
    yield (rule if info.threshold else texts.no_threshold).format(
        threshold=f"{info.threshold:.4g}",
        kept=f"{1 - info.threshold:.0%}",
        unsure=_unsure(info, texts),
    )


def _unsure(info: ModelInfo, texts: Texts) -> str:
    return name_of_unsure(info.classes, texts.unsure)


def _usage(info: ModelInfo, exported: Exported, texts: Texts) -> Iterator[str]:
    yield f"## {texts.usage}"
    yield texts.usage_needs[exported.format]
    code = snippet(info, exported.format, exported.with_preprocessing, exported.path.name)
    yield f"```python\n{code}\n```"
    yield texts.metadata[exported.format]


def _check(exported: Exported, texts: Texts) -> Iterator[str]:
    yield f"## {texts.check}"
    yield texts.checked.format(
        count=exported.checked,
        yours=exported.of_yours,
        difference=f"{exported.largest_difference:.2g}",
        but_for_ties=texts.but_for_ties.format(ties=exported.ties) if exported.ties else "",
    )


def _line(text: str) -> str:
    """Others' words on one line, shown as they are: they are neither Markdown nor HTML."""
    line = _MARKS.sub(r"\\\g<0>", " ".join(text.split()))
    return _NUMBER.sub(r"\1\\", line).translate(_HTML)


def _number(value: Any) -> float | None:
    """A figure of a file that anyone may have written."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < float("inf") else None


def _share(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and number <= 1 else None
