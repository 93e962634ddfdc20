"""A report of a run, a comparison or a model: one HTML file that needs nothing beside it."""

from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import jinja2

from trainer import paths
from trainer.data.class_names import Language
from trainer.errors import StorageError
from trainer.events import PhotoSkipped, Preparing
from trainer.experiments.comparison import Comparison
from trainer.experiments.comparison_choice import tabulate
from trainer.experiments.comparison_table import Table
from trainer.experiments.run import Run
from trainer.report.charts import swatch
from trainer.report.comparison import ComparisonSection, comparison_section
from trainer.report.results import photos_of, results
from trainer.report.sections import (
    class_names,
    commands_of,
    data_section,
    epochs_section,
    facts,
    machine_facts,
    origin_facts,
    recipe_section,
    result_note,
    result_sentence,
    samples_of,
    usage,
)
from trainer.report.subject import Subject, find_source, subject_of
from trainer.report.system_info import this_machine
from trainer.report.texts import Texts
from trainer.report.thumbnails import Thumbnails, sample, whole
from trainer.storage.atomic import write_text


def write_report(
    source: str,
    target: Path,
    language: Language = "en",
    *,
    data: Path | None = None,
    device: str = "auto",
    with_images: bool = True,
) -> Generator[Preparing | PhotoSkipped, None, Path]:
    """Write the report of a run or a comparison (by its id or folder), or of a model file.

    Args:
        target: the HTML file; written whole or not at all.
        data: a data set to evaluate the model on anew. A model that belongs to no run is not
            evaluated without; a run's own evaluation is taken as it was kept, or made where there
            is none.
        device: what evaluates: ``auto``, or a torch device's name.
        with_images: whether photos are shown, of which one may not own the rights.

    Returns:
        *target*.

    Raises:
        DatasetError: *data* is no data set, or holds no photo of a class that the model knows.
        DeviceError: there is no such device.
        ModelFileError: the model file is missing, damaged, or not a model of this app.
        OSError: *target* cannot be written to, or the disk is full.
        RecipeError: there is nothing of that name, or it is damaged.
        StorageError: *target* is not called as a web page is.
    """
    if target.suffix.lower() not in {".html", ".htm"}:
        # Such as the model that is reported.
        raise StorageError(
            "A report is a web page. Give it a name that ends in .html, not “{name}”.",
            name=target.name,
        )
    found = find_source(source)
    texts = Texts(language)
    comparison: ComparisonSection | None = None
    reported: Run | Path | None
    if isinstance(found, Comparison):
        table = tabulate(found)
        comparison = comparison_section(found, table, texts)
        reported = _representative(found, table)
    else:
        reported = found
    subject = None
    if reported is not None:
        subject = yield from subject_of(reported, data, device)
    samples, mistakes = _wanted(subject) if with_images else ([], [])
    total = len(samples) + len(mistakes) + 1
    images: tuple[Thumbnails, Thumbnails] = ({}, {})
    wanted = [(path, sample, images[0]) for path in samples]
    wanted += [(path, whole, images[1]) for path in mistakes]
    for done, (path, make, found_images) in enumerate(wanted):
        yield Preparing("report", done, total)
        image = make(path)
        if image is not None:
            found_images[path] = image
    html = _render(subject, comparison, images, texts)
    # File names need not be text, which an HTML file must be.
    write_text(target, html.encode("utf-8", "backslashreplace").decode("utf-8"))
    yield Preparing("report", total, total)
    return target


def _representative(comparison: Comparison, table: Table) -> Run | None:
    """The run to report in full: of the row to take, or of the best so far; None without runs."""
    rows = [table.rows[table.take]] if table.take is not None else table.rows
    records = [row.representative for row in rows if row.runs]
    if not records:
        return None
    best = max(records, key=lambda record: record.best_accuracy)
    runs = map(comparison.begun_run, range(len(comparison.recipes)))
    return next((run for run in runs if run is not None and run.id == best.id), None)


def _wanted(subject: Subject | None) -> tuple[list[Path], list[Path]]:
    """The photos to show small: samples of the classes, and those that were mistaken."""
    if subject is None:
        return [], []
    samples = samples_of(subject.data_set) if subject.data_set is not None else {}
    kept = subject.evaluated
    mistakes = photos_of(kept.evaluation) if kept is not None else []
    return [path for photos in samples.values() for path in photos], mistakes


def _render(
    subject: Subject | None,
    comparison: ComparisonSection | None,
    images: tuple[Thumbnails, Thumbnails],
    texts: Texts,
) -> str:
    """Args: *images* are the samples and the mistakes."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.assets_folder() / "report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["zip"] = zip
    t = texts.t
    values: dict[str, object] = {
        "t": t,
        "texts": texts,
        "swatch": swatch,
        "language": texts.language,
        "written": texts.date(datetime.now(UTC)),
        "comparison": comparison,
        "subject": subject,
    }
    if subject is not None:
        values |= _values(subject, *images, texts)
        values["heading"] = subject.title
        values["kind"] = t("Training run") if subject.run is not None else t("Model")
    if comparison is not None:
        values["heading"] = t("Comparison on “{data}”", data=comparison.data)
        values["kind"] = t("Comparison of models")
    values["contents"] = _contents(subject, comparison, texts)
    return environment.get_template("report.html").render(values)


def _values(
    subject: Subject, samples: Thumbnails, mistakes: Thumbnails, texts: Texts
) -> dict[str, object]:
    """What the template tells of a model, by the names that it uses."""
    names = class_names(subject, texts)
    kept, info, data_set = subject.evaluated, subject.info, subject.data_set
    return {
        "title": subject.title,
        "facts": facts(subject, texts),
        "sentence": result_sentence(subject, texts),
        "note": result_note(subject, texts),
        "classes": [names.full(name) for name in subject.classes],
        "photos": data_section(data_set, samples, names, texts) if data_set is not None else None,
        "recipe": recipe_section(subject, texts),
        "epochs": epochs_section(subject, texts),
        "results": results(kept, info, mistakes, names, texts)
        if kept is not None and info is not None
        else None,
        "machine": machine_facts(subject, this_machine(), texts),
        "origin": origin_facts(subject, texts),
        "commands": commands_of(subject),
        "usage": usage(subject),
    }


def _contents(
    subject: Subject | None, comparison: ComparisonSection | None, texts: Texts
) -> list[tuple[str, str]]:
    """The anchors of the sections that there are, and their headings."""
    t = texts.t
    found = [("comparison", t("Comparison"))] if comparison is not None else []
    if subject is None:
        return found
    if comparison is not None:
        is_taken = bool(comparison.advice)
        found.append(("model", t("The model to take") if is_taken else t("The best model so far")))
    found += [("photos", t("Photos")), ("recipe", t("Recipe")), ("epochs", t("Learning curves"))]
    found.append(("results", t("Results")))
    if subject.evaluated is not None:
        found += [("confusion", t("Confusion matrix")), ("classes", t("Class by class"))]
        found += [("mistakes", t("Mistakes")), ("calibration", t("Calibration and the unknown"))]
    found += [("machine", t("The computer")), ("again", t("To do it again"))]
    if subject.info is not None:
        found.append(("origin", t("Licence and origin")))
    return found
