"""Exporting a model for other programs, checked before it is called done."""

import io
import json
import time
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor
from torch.jit._trace import TracerWarning

from trainer.atomic import replacing
from trainer.errors import ExportError, TrainerError
from trainer.events import Preparing
from trainer.export.card import model_card
from trainer.export.check import PHOTOS, check
from trainer.export.format import METADATA_FILE, TITLES, Exported, Format, card_of
from trainer.export.graph import ExportGraph, output_names
from trainer.export.metadata import as_texts, metadata_of
from trainer.familiarity import read_familiarity
from trainer.model_file import load_model
from trainer.model_info import ModelInfo
from trainer.produce_names import Language

_OPSET = 17
"""The first that has layer normalisation; runtimes since 2022 know it."""


def export(
    model_file: Path,
    format: Format,
    target: Path,
    photos: Sequence[Path] = (),
    with_preprocessing: bool = False,
    language: Language = "en",
) -> Generator[Preparing, None, Exported]:
    """Write a model for another program, with its model card beside it.

    The file is read again and compared with the model on many photos
    (:func:`trainer.export.check.check`) before it takes its name: it is there, checked, or not at
    all. Closing the generator leaves nothing behind.

    Args:
        target: an earlier file is replaced.
        photos: such as the model is for, to check it with; where few can be read, more are made.
        with_preprocessing: whether the export takes a photo of any size, or normalised squares.
        language: of the model card.

    Raises:
        ModelFileError: the model is missing, damaged, or not one of this app.
        ExportError: the format cannot express it, the export does not answer as the model does, or
            *target* is the model itself.
        OSError: the folder cannot be written to, or the disk is full.
    """
    started = time.monotonic()
    if target.resolve() == model_file.resolve():
        raise ExportError(
            "The export would take the place of the model “{path}”. Choose another name.",
            path=model_file.name,
        )
    classifier, info = load_model(model_file)
    graph = ExportGraph(classifier, info, read_familiarity(model_file, info), with_preprocessing)
    card = card_of(target)
    yield Preparing("export", 0, PHOTOS)
    with replacing(card) as card_file, replacing(target) as file:
        try:
            write = _write_onnx if format == "onnx" else _write_torchscript
            write(graph, info, with_preprocessing, file)
            agreement = yield from check(model_file, file, format, with_preprocessing, photos)
        except (TrainerError, OSError):
            raise
        except Exception as error:
            # The exporters' and runtimes' errors have no common type.
            raise ExportError(
                "“{path}” cannot be exported as {format} ({detail}). Choose the other format.",
                path=model_file.name,
                format=TITLES[format],
                detail=next(iter(str(error).splitlines()), type(error).__name__),
            ) from error
        exported = Exported(
            path=target,
            card=card,
            format=format,
            with_preprocessing=with_preprocessing,
            checked=agreement.photos,
            of_yours=agreement.of_yours,
            largest_difference=agreement.largest_difference,
            largest_familiarity_difference=agreement.largest_familiarity_difference,
            ties=agreement.ties,
            seconds=time.monotonic() - started,
        )
        card_file.write_text(model_card(info, exported, language), encoding="utf-8")
    return exported


def _example(info: ModelInfo, with_preprocessing: bool) -> Tensor:
    """An input to trace the graph with; its sizes are not kept."""
    side = info.image_size
    if with_preprocessing:
        return torch.zeros(side + 1, side + 2, 3, dtype=torch.uint8)
    return torch.zeros(2, 3, side, side)


def _write_onnx(graph: ExportGraph, info: ModelInfo, with_preprocessing: bool, file: Path) -> None:
    import onnx

    name = "photo" if with_preprocessing else "images"
    outputs = output_names(info)
    dynamic = {0: "height", 1: "width"} if with_preprocessing else {0: "N"}
    # A photo is always one, and then so are the rows of what is said of it.
    rows = {} if with_preprocessing else {output: {0: "N"} for output in outputs}
    # The newer exporter needs two packages more, and torch's sources at run time, which the
    # packaged program has not.
    with _quiet():
        torch.onnx.export(
            graph,
            (_example(info, with_preprocessing),),
            file,
            dynamo=False,
            opset_version=_OPSET,
            input_names=[name],
            output_names=list(outputs),
            dynamic_axes={name: dynamic, **rows},
        )
    model = onnx.load(file)
    onnx.helper.set_model_props(model, as_texts(metadata_of(info, with_preprocessing)))
    file.write_bytes(model.SerializeToString())


def _write_torchscript(
    graph: ExportGraph, info: ModelInfo, with_preprocessing: bool, file: Path
) -> None:
    metadata = json.dumps(metadata_of(info, with_preprocessing), ensure_ascii=False)
    buffer = io.BytesIO()
    with _quiet():
        traced = torch.jit.trace(graph, _example(info, with_preprocessing), check_trace=False)
        torch.jit.save(traced, buffer, _extra_files={METADATA_FILE: metadata})
    file.write_bytes(buffer.getvalue())


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what torch says of tracing: that there are newer ways, and that mean and deviation
    become constants, which they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", TracerWarning)
        yield
