import dataclasses
import io
import warnings

import numpy as np
import pytest
import torch
from PIL import Image

from tests.trainer.architectures import ONE_OF_EACH_KIND
from tests.trainer.export.models import FAMILIES, INFO, image
from trainer.config.recipe import Resize
from trainer.data.transforms import square
from trainer.export.graph import ExportGraph, OodScoreGraph, PillowSquare
from trainer.export.onnx_runtime import onnxruntime
from trainer.inference.openvino_import import openvino
from trainer.models.classifier import Classifier
from trainer.models.ood_score import LEVELS, OodScore, mean_directions

SIZES = (
    *((1, 1), (1, 50), (50, 1), (2, 7), (31, 33), (33, 33), (32, 40), (40, 32), (67, 68)),
    *((64, 48), (48, 65), (200, 150), (150, 201), (37, 400), (401, 37), (640, 480)),
)
"""Width and height."""


@pytest.mark.parametrize("resize", ["squash", "crop"])
def test_the_graph_resizes_as_pillow_does(resize: Resize) -> None:
    size = 33
    graph = PillowSquare(size, resize)
    example = torch.zeros(40, 50, 3, dtype=torch.uint8)
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        traced = torch.jit.trace(graph, example, check_trace=False)
        torch.onnx.export(
            graph,
            (example,),
            file,  # type: ignore[arg-type]
            dynamo=False,
            opset_version=17,
            input_names=["photo"],
            dynamic_axes={"photo": {0: "height", 1: "width"}},
        )
    session = onnxruntime.InferenceSession(file.getvalue())
    any_size = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    unbound = torch.export.export(graph, (example,), dynamic_shapes=(any_size,)).module()
    compiled = openvino.compile_model(
        openvino.convert_model(
            graph, example_input=example, input=[([-1, -1, 3], openvino.Type.u8)]
        ),
        "CPU",
        {"INFERENCE_PRECISION_HINT": "f32"},
    )
    for number, (width, height) in enumerate(SIZES):
        photo = image(width, height, number)
        ours = square(Image.fromarray(photo), size, resize).transpose(2, 0, 1)[None]
        assert np.array_equal(traced(torch.from_numpy(photo)).numpy(), ours), (width, height)
        assert np.array_equal(unbound(torch.from_numpy(photo)).numpy(), ours), (width, height)
        assert np.array_equal(session.run(None, {"photo": photo})[0], ours), (width, height)
        assert np.array_equal(compiled([photo])[0], ours), (width, height)


@pytest.mark.parametrize(
    "scores",
    [
        np.linspace(2, 9, len(LEVELS)),
        np.sort(np.random.default_rng(0).normal(5, 1, len(LEVELS))),
        np.repeat([1.0, 2.0, 5.0, 5.0, 8.0], 21)[: len(LEVELS)],
        np.full(len(LEVELS), 5.0),
    ],
    ids=["even", "uneven", "steps", "one step"],
)
@pytest.mark.parametrize("with_means", [True, False])
def test_the_graph_finds_pictures_as_familiar_as_the_app(
    scores: np.ndarray, with_means: bool
) -> None:
    draw = np.random.default_rng(1)
    logits = draw.normal(0, 1, (300, 4)).astype(np.float32) * draw.uniform(0.2, 4, (300, 1))
    features = draw.normal(0, 1, (300, 6)).astype(np.float32)
    features[0] = 0
    means = mean_directions(features[:80], np.arange(80) % 4, 4) if with_means else None
    known = OodScore(1.3, 0.9 if with_means else 0.0, means, tuple(scores.tolist()))
    ours = known.of(logits.astype(np.float32), features)
    graph = OodScoreGraph(known)
    theirs = graph(torch.from_numpy(logits.astype(np.float32)), torch.from_numpy(features)).numpy()
    assert theirs.dtype == np.float32
    assert np.abs(theirs - ours).max() < 1e-4
    assert 0 in ours.round(6)
    assert 1 in ours.round(6)


@pytest.mark.parametrize(
    "architecture", [name for name in ONE_OF_EACH_KIND if name not in FAMILIES]
)
def test_torch_export_leaves_the_number_of_pictures_open_in_every_kind_of_network(
    architecture: str,
) -> None:
    """On pictures so small that it is cheap; the answers are not compared."""
    info = dataclasses.replace(INFO, architecture=architecture)
    graph = ExportGraph(Classifier(architecture, 3, info.head, 8), info, None, False)
    program = torch.export.export(
        graph, (torch.zeros(2, 3, 32, 32),), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)
    )
    (images,) = (
        node for node in program.graph.nodes if node.op == "placeholder" and node.name == "inputs"
    )
    assert not isinstance(images.meta["val"].shape[0], int)
