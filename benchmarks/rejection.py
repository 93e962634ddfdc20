"""Which score tells best what a model never learnt: published ones side by side.

``python benchmarks/rejection.py KNOWN UNKNOWN [--model FILE]``: KNOWN is the data set that the
model learnt from, with a validation split; UNKNOWN a folder of photos of other things. Class means
and the like come from training photos. Of each score: the area under the ROC curve between
validation photos (all; those answered right) and unknown ones; and with the threshold that keeps
95% of the right answers, how many unknown photos (the false-accept rate) and how many wrong answers
are kept. The same for small models of some of the classes, as users teach them: a linear head on
the same features, 20 photos a class, mean over draws; there, photos of other classes are unknown,
too.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer import paths
from trainer.data.dataset import DataSet, images_in, open_data_set
from trainer.inference.engine_selection import prepare
from trainer.inference.predictor import Predictor
from trainer.metrics.calibration import log_sum_exp, softmax
from trainer.models.ood_score import centred_norm, mean_directions, nearest_cosine

KEPT = 0.95
NEIGHBOURS = 5
DIMENSIONS = 33
"""Of the subspace in which Mahalanobis distances are taken, where there are photos enough."""
SMALL_MODELS = (2, 3, 6, 12)
"""How many classes small models tell apart."""
DRAWS = 12
PHOTOS_A_CLASS = 20

Score = Callable[["Seen"], np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a model gives for photos."""

    logits: np.ndarray
    """float32 (N, classes)."""
    features: np.ndarray
    """float32 (N, F)."""
    labels: np.ndarray
    """int64 (N,); -1 where there is none."""

    @property
    def right(self) -> np.ndarray:
        result: np.ndarray = self.logits.argmax(axis=1) == self.labels
        return result


def look_at(predictor: Predictor, photos: Sequence[tuple[Path, int]]) -> Seen:
    label_of = dict(photos)
    labels: list[int] = []
    logits: list[np.ndarray] = []
    features: list[np.ndarray] = []
    for batch in predictor.batches(label_of):
        if batch.outputs is not None:
            logits.append(batch.outputs.logits)
            features.append(batch.outputs.features)
            labels += [label_of[photo.path] for photo in batch.photos if photo.is_readable]
    return Seen(np.concatenate(logits), np.concatenate(features), np.array(labels))


def photos_of(data_set: DataSet, split: str, classes: Sequence[str]) -> list[tuple[Path, int]]:
    named = ((photo.path, data_set.classes[photo.label]) for photo in data_set.split(split))
    return [(path, classes.index(name)) for path, name in named if name in classes]


def directions(features: np.ndarray) -> np.ndarray:
    result: np.ndarray = features / np.linalg.norm(features, axis=1, keepdims=True)
    return result


def scores(learnt: Seen, temperature: float, classes: int) -> dict[str, Score]:
    """Each the higher, the more familiar."""
    means = mean_directions(learnt.features, learnt.labels, classes)
    normal = directions(learnt.features)
    return {
        "maximum softmax (Hendrycks 2017)": lambda seen: softmax(seen.logits / temperature).max(
            axis=1
        ),
        "maximum logit (Hendrycks 2022)": lambda seen: seen.logits.max(axis=1),
        "energy (Liu 2020)": lambda seen: log_sum_exp(seen.logits),
        f"{NEIGHBOURS} nearest features (Sun 2022)": lambda seen: np.sort(
            directions(seen.features) @ normal.T, axis=1
        )[:, -NEIGHBOURS],
        "norm of centred logits": lambda seen: centred_norm(seen.logits),
        "cosine to class mean": lambda seen: nearest_cosine(seen.features, means),
        "Mahalanobis (Lee 2018)": mahalanobis(learnt, classes, relative=False),
        "relative Mahalanobis (Ren 2021)": mahalanobis(learnt, classes, relative=True),
        "ViM (Wang 2022)": virtual_logit(learnt),
    }


def mahalanobis(learnt: Seen, classes: int, relative: bool) -> Score:
    """Of directions, in the subspace of their principal components."""
    normal = directions(learnt.features)
    centre = normal.mean(axis=0)
    basis = np.linalg.svd(normal - centre, full_matrices=False)[2]
    basis = basis[: min(DIMENSIONS, len(normal) - 2)].T
    inner = (normal - centre) @ basis
    there = np.unique(learnt.labels)
    means = np.stack([inner[learnt.labels == label].mean(axis=0) for label in there])
    index = np.searchsorted(there, learnt.labels)
    within = inner - means[index]
    covariance = within.T @ within / len(within)
    shrunk = 0.9 * covariance + 0.1 * np.trace(covariance) / len(covariance) * np.eye(
        len(covariance)
    )
    precision = np.linalg.inv(shrunk)
    background = np.linalg.inv(inner.T @ inner / len(inner))

    def score(seen: Seen) -> np.ndarray:
        points = (directions(seen.features) - centre) @ basis
        away = points[:, None] - means[None]
        distances = np.einsum("nci,ij,ncj->nc", away, precision, away).min(axis=1)
        if relative:
            distances = distances - np.einsum("ni,ij,nj->n", points, background, points)
        result: np.ndarray = -distances
        return result

    return score


def virtual_logit(learnt: Seen) -> Score:
    centre = learnt.features.mean(axis=0)
    basis = np.linalg.svd(learnt.features - centre, full_matrices=False)[2][: 2 * DIMENSIONS].T

    def residual(features: np.ndarray) -> np.ndarray:
        moved = features - centre
        inside = ((moved @ basis) ** 2).sum(axis=1)
        result: np.ndarray = np.sqrt(np.maximum((moved**2).sum(axis=1) - inside, 0))
        return result

    scale = learnt.logits.max(axis=1).mean() / residual(learnt.features).mean()
    return lambda seen: log_sum_exp(seen.logits) - scale * residual(seen.features)


def sum_of(first: Score, second: Score, held_out: Seen) -> Score:
    """Both in units of their spread over right answers."""
    spreads = [float(score(held_out)[held_out.right].std()) for score in (first, second)]
    return lambda seen: first(seen) / spreads[0] + second(seen) / spreads[1]


def area_under_curve(familiar: np.ndarray, strange: np.ndarray) -> float:
    """How often a familiar photo scores above a strange one; ties count half."""
    below = np.searchsorted(np.sort(strange), familiar, side="left")
    not_above = np.searchsorted(np.sort(strange), familiar, side="right")
    return float((below + not_above).mean() / 2 / len(strange))


@dataclass(frozen=True, slots=True)
class Row:
    method: str
    auroc: float
    auroc_of_right: float
    false_accepts: float
    wrong_kept: float


def judge(method: str, score: Score, held_out: Seen, unknown: Seen) -> Row:
    familiar, strange = score(held_out), score(unknown)
    right = held_out.right
    threshold = np.quantile(familiar[right], 1 - KEPT)
    return Row(
        method,
        area_under_curve(familiar, strange),
        area_under_curve(familiar[right], strange),
        float((strange >= threshold).mean()),
        float((familiar[~right] >= threshold).mean()) if (~right).any() else 0.0,
    )


def judge_all(
    learnt: Seen, held_out: Seen, unknown: Seen, temperature: float, classes: int
) -> list[Row]:
    """A row a score, then of sums of two."""
    singles = scores(learnt, temperature, classes)
    cosine = singles["cosine to class mean"]
    sums = {
        f"cosine + {name}": sum_of(cosine, singles[name], held_out)
        for name in (
            *("maximum softmax (Hendrycks 2017)", "maximum logit (Hendrycks 2022)"),
            *("energy (Liu 2020)", "norm of centred logits"),
            *("Mahalanobis (Lee 2018)", "relative Mahalanobis (Ren 2021)"),
        )
    }
    return [judge(name, score, held_out, unknown) for name, score in (singles | sums).items()]


def classes_with_enough(learnt: Seen, held_out: Seen) -> list[int]:
    """Those that small models can be made of."""
    return [
        label
        for label in range(int(learnt.labels.max()) + 1)
        if (learnt.labels == label).sum() >= PHOTOS_A_CLASS * 0.75
        and (held_out.labels == label).sum() >= 4
    ]


def judge_small(
    learnt: Seen, held_out: Seen, unknown: Seen, classes: int
) -> dict[str, tuple[float, float]]:
    """Of each score, the area under the curve (of right answers) and the false-accept rate: means
    over models of *classes* classes drawn at random."""
    found: dict[str, list[tuple[float, float]]] = {}
    random = np.random.default_rng(classes)
    for _ in range(DRAWS):
        chosen = random.permutation(classes_with_enough(learnt, held_out))[:classes]
        taken = np.concatenate(
            [
                random.permutation(np.flatnonzero(learnt.labels == label))[:PHOTOS_A_CLASS]
                for label in chosen
            ]
        )
        here = np.isin(held_out.labels, chosen)
        order = {label: number for number, label in enumerate(chosen.tolist())}
        labels = np.array([order[label] for label in learnt.labels[taken].tolist()])
        head = linear_head(learnt.features[taken], labels, classes)
        others = np.concatenate([unknown.features, held_out.features[~here]])
        of_held_out = np.array([order[label] for label in held_out.labels[here].tolist()])
        rows = judge_all(
            Seen(head(learnt.features[taken]), learnt.features[taken], labels),
            Seen(head(held_out.features[here]), held_out.features[here], of_held_out),
            Seen(head(others), others, np.full(len(others), -1)),
            1.0,
            classes,
        )
        for row in rows:
            found.setdefault(row.method, []).append((row.auroc_of_right, row.false_accepts))
    return {
        method: (float(np.mean(values, axis=0)[0]), float(np.mean(values, axis=0)[1]))
        for method, values in found.items()
    }


def linear_head(
    features: np.ndarray, labels: np.ndarray, classes: int
) -> Callable[[np.ndarray], np.ndarray]:
    """A linear layer, learnt with label smoothing as in our presets."""
    import torch
    from torch.nn import functional

    torch.manual_seed(0)
    layer = torch.nn.Linear(features.shape[1], classes)
    optimiser = torch.optim.AdamW(layer.parameters(), 1e-2, weight_decay=1e-2)
    inputs, targets = torch.from_numpy(features), torch.from_numpy(labels)
    for _ in range(150):
        optimiser.zero_grad()
        loss = functional.cross_entropy(layer(inputs), targets, label_smoothing=0.1)
        loss.backward()
        optimiser.step()

    def logits(of: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            result: np.ndarray = layer(torch.from_numpy(of)).numpy()
        return result

    return logits


def print_small(small: dict[int, dict[str, tuple[float, float]]]) -> None:
    print(f"{'of small models: AUROC of right, accepted':46}", end="")
    print("".join(f"{count:>9} classes" for count in small))
    for method in next(iter(small.values())):
        figures = (rows[method] for rows in small.values())
        print(f"{method:46}" + "".join(f"{area:9.3f}{share:8.1%}" for area, share in figures))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("known", type=Path, help="the data set that the model learnt from")
    parser.add_argument("unknown", type=Path, help="a folder of photos of other things")
    parser.add_argument("--model", type=Path, default=paths.starter_model())
    parser.add_argument("--json", action="store_true", help="print one object last")
    options = parser.parse_args(arguments)
    prepare(options.model)
    predictor = Predictor(options.model)
    classes = predictor.info.classes
    known = open_data_set(options.known)
    learnt = look_at(predictor, photos_of(known, "train", classes))
    held_out = look_at(predictor, photos_of(known, "validation", classes))
    unknown = look_at(predictor, [(path, -1) for path in images_in([options.unknown])])

    rows = judge_all(learnt, held_out, unknown, predictor.info.temperature, len(classes))
    print(
        f"{len(held_out.labels)} validation photos, {held_out.right.mean():.1%} answered right; "
        f"{len(unknown.labels)} photos of other things"
    )
    print(f"{'':52}{'AUROC':>8}{'of right':>10}{'accepted':>10}{'wrong kept':>12}")
    for row in rows:
        print(
            f"{row.method:52}{row.auroc:8.3f}{row.auroc_of_right:10.3f}"
            f"{row.false_accepts:10.1%}{row.wrong_kept:12.1%}"
        )
    most = len(classes_with_enough(learnt, held_out))
    small = {
        count: judge_small(learnt, held_out, unknown, count)
        for count in SMALL_MODELS
        if count < most
    }
    if small:
        print_small(small)
    shipped = shipped_figures(predictor, held_out, unknown)
    print(
        f"As the model file has it: {shipped['right_kept']:.1%} of right answers kept, "
        f"{shipped['false_accepts']:.1%} of other things accepted, "
        f"AUROC {shipped['auroc']:.3f}"
    )
    if options.json:
        values = [{name: getattr(row, name) for name in Row.__slots__} for row in rows]
        print(json.dumps({"rows": values, "small": small, "shipped": shipped}))
    return 0


def shipped_figures(predictor: Predictor, held_out: Seen, unknown: Seen) -> dict[str, float]:
    """What the model file's own familiarity and threshold do."""
    known = predictor.familiarity(held_out.logits, held_out.features)
    strange = predictor.familiarity(unknown.logits, unknown.features)
    return {
        "right_kept": float((known[held_out.right] >= predictor.threshold).mean()),
        "false_accepts": float((strange >= predictor.threshold).mean()),
        "auroc": area_under_curve(known, strange),
    }


if __name__ == "__main__":
    sys.exit(main())
