"""Exporting a model for other programs, checked before it is called done."""

import errno
import glob
import io
import json
import time
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor
from torch.export import Dim
from torch.jit._trace import TracerWarning

from trainer.data.class_names import Language
from trainer.errors import ExportError, TrainerError
from trainer.events import Preparing
from trainer.export.check import PHOTOS, check
from trainer.export.format import (
    METADATA_FILE,
    OPENVINO_METADATA,
    TITLES,
    Exported,
    Format,
    card_of,
    files_of,
    weights_of,
)
from trainer.export.graph import ExportGraph, output_names
from trainer.export.metadata import as_texts, metadata_of
from trainer.export.model_card import model_card
from trainer.inference.openvino_import import openvino
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import load_model
from trainer.models.ood_score import read_ood_score
from trainer.storage.atomic import replacing, replacing_pair

_OPSET = 17
"""The first that has layer normalisation; runtimes since 2022 know it."""


def export(
    model_file: Path,
    format: Format,
    target: Path,
    photos: Sequence[Path] = (),
    with_preprocessing: bool = False,
    language: Language = "en",
    count: int = PHOTOS,
) -> Generator[Preparing, None, Exported]:
    """Write a model for another program, with its model card beside it.

    The file is read again and compared with the model on many photos
    (:func:`trainer.export.check.check`) before it takes its name: it is there, checked, or not at
    all. Closing the generator leaves nothing behind.

    Args:
        target: an earlier export is replaced. OpenVINO's ends in ``.xml``, and its weights go
            beside it (:func:`trainer.export.format.weights_of`).
        photos: such as the model is for, to check it with; where few can be read, more are made.
        with_preprocessing: whether the export takes a photo of any size, or normalised squares.
        language: of the model card.
        count: how many photos it is checked with.

    Raises:
        ModelFileError: the model is missing, damaged, or not one of this app.
        ExportError: the format cannot express it, the export does not answer as the model does, or
            *target* is the model itself, or what OpenVINO does not take for a model's name.
        OSError: the folder cannot be written to, or the disk is full.
    """
    started = time.monotonic()
    _require_place(target, format, model_file)
    classifier, info = load_model(model_file)
    graph = ExportGraph(classifier, info, read_ood_score(model_file, info), with_preprocessing)
    card = card_of(target)
    yield Preparing("export", 0, count)
    is_pair = format == "openvino"
    replacing_export = replacing_pair(target, weights_of) if is_pair else replacing(target)
    with replacing(card) as card_file, replacing_export as file:
        try:
            _WRITERS[format](graph, info, with_preprocessing, file)
            agreement = yield from check(
                model_file, file, format, with_preprocessing, photos, count
            )
        except (TrainerError, OSError):
            raise
        except Exception as error:
            # The exporters' and runtimes' errors have no common type.
            raise ExportError(
                "“{path}” cannot be exported as {format} ({detail}). Choose another format.",
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


def _require_place(target: Path, format: Format, model_file: Path) -> None:
    """Raises: ExportError: an export must not be written there, or not under that name."""
    files = files_of(target, format)
    if model_file.resolve() in (file.resolve() for file in files):
        raise ExportError(
            "The export would take the place of the model “{path}”. Choose another name.",
            path=model_file.name,
        )
    if format != "openvino":
        return
    if target.suffix.lower() != ".xml":
        raise ExportError(
            "“{path}” is no name of an OpenVINO model. Choose one that ends in .xml; its weights "
            "are written beside it, to a file that ends in .bin.",
            path=target.name,
        )
    weights = weights_of(target)
    # Cut off at the wrong moment, an export of ours may have left but one of its files there.
    parts = target.parent.glob(f".{glob.escape(target.name)}.*.part*")
    is_ours = target.exists() or card_of(target).exists() or any(parts)
    if weights.exists() and not is_ours:
        raise ExportError(
            "The weights would take the place of “{path}”, which is no export's. Choose another "
            "name.",
            path=weights.name,
        )


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


def _write_torch_export(
    graph: ExportGraph, info: ModelInfo, with_preprocessing: bool, file: Path
) -> None:
    dynamic = {0: Dim.DYNAMIC, 1: Dim.DYNAMIC} if with_preprocessing else {0: Dim.DYNAMIC}
    metadata = json.dumps(metadata_of(info, with_preprocessing), ensure_ascii=False)
    buffer = io.BytesIO()
    # Not strict, which would read the sources: the packaged program has none.
    program = torch.export.export(
        graph, (_example(info, with_preprocessing),), dynamic_shapes=(dynamic,), strict=False
    )
    for node in program.graph.nodes:
        # It would keep where on this computer each line of the sources lies.
        node.meta.pop("stack_trace", None)
    torch.export.save(program, buffer, extra_files={METADATA_FILE: metadata})
    file.write_bytes(buffer.getvalue())


def _write_openvino(
    graph: ExportGraph, info: ModelInfo, with_preprocessing: bool, file: Path
) -> None:
    """Write two files: *file*, and the weights beside it."""
    side = info.image_size
    shape = [-1, -1, 3] if with_preprocessing else [-1, 3, side, side]
    kind = openvino.Type.u8 if with_preprocessing else openvino.Type.f32
    with _quiet():
        model = openvino.convert_model(
            graph, example_input=_example(info, with_preprocessing), input=[(shape, kind)]
        )
    model.inputs[0].get_tensor().set_names({"photo" if with_preprocessing else "images"})
    for output, name in zip(model.outputs, output_names(info), strict=True):
        output.get_tensor().set_names({name})
    metadata = json.dumps(metadata_of(info, with_preprocessing), ensure_ascii=False)
    model.set_rt_info(metadata, list(OPENVINO_METADATA))
    weights = weights_of(file)
    try:
        openvino.serialize(model, file, weights)
    except RuntimeError as error:
        # Of a file that cannot be written it says no more than that.
        raise OSError(errno.EIO, str(error), str(weights)) from error


_WRITERS: dict[Format, Callable[[ExportGraph, ModelInfo, bool, Path], None]] = {
    "onnx": _write_onnx,
    "torch_export": _write_torch_export,
    "openvino": _write_openvino,
    "torchscript": _write_torchscript,
}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what torch says of tracing: that there are newer ways, and that mean and deviation
    become constants, which they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", TracerWarning)
        yield
