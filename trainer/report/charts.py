"""A report's charts: learning curves, calibration, rejection, and intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from trainer.evaluation.result import RejectionCurve, ReliabilityBin
from trainer.events import EpochDone
from trainer.report.svg import WIDTH, Axis, Plot, Svg, nice_step, percent, ticks_of
from trainer.report.texts import Texts

_ROW_HEIGHT = 36


@dataclass(frozen=True, slots=True)
class Interval:
    """A row of an interval chart."""

    label: str
    value: float
    low: float
    high: float
    is_marked: bool = False


def _epoch_axis(epochs: Sequence[EpochDone], texts: Texts) -> Axis:
    last = epochs[-1].epoch
    step = max(1, round(nice_step(max(last, 2), 6)))
    ticks = tuple(float(n) for n in range(1, last + 1) if last <= 8 or n % step == 0)
    return Axis(
        *(float(epochs[0].epoch), float(last)), ticks, texts.t("Epoch"), lambda v: f"{v:.0f}"
    )


def loss_curves(epochs: Sequence[EpochDone], best: int, texts: Texts) -> Markup:
    """Training and validation loss over one epoch or more, the best one marked."""
    training = [epoch.train_loss for epoch in epochs]
    validation = [epoch.validation_loss for epoch in epochs]
    ticks = ticks_of(0.0, max(*training, *validation))
    y = Axis(ticks[0], ticks[-1], ticks, texts.t("Loss"), lambda value: f"{value:.3g}")
    return _curves(epochs, training, validation, y, best, texts)


def accuracy_curves(epochs: Sequence[EpochDone], best: int, texts: Texts) -> Markup:
    """Training and validation accuracy over one epoch or more, the best one marked."""
    training = [epoch.train_accuracy for epoch in epochs]
    validation = [epoch.validation_accuracy for epoch in epochs]
    ticks = ticks_of(max(0.0, min(*training, *validation) - 0.02), 1.0)
    y = Axis(ticks[0], 1.0, ticks, texts.t("Accuracy"), percent)
    return _curves(epochs, training, validation, y, best, texts)


def _curves(
    epochs: Sequence[EpochDone],
    training: Sequence[float],
    validation: Sequence[float],
    y: Axis,
    best: int,
    texts: Texts,
) -> Markup:
    described = texts.t(
        "From epoch {first} to {last}, training goes from {training_first} to {training_last} and "
        "validation from {validation_first} to {validation_last}.",
        first=epochs[0].epoch,
        last=epochs[-1].epoch,
        training_first=y.format(training[0]),
        training_last=y.format(training[-1]),
        validation_first=y.format(validation[0]),
        validation_last=y.format(validation[-1]),
    )
    plot = Plot(_epoch_axis(epochs, texts), y, y.label, described)
    if best:
        plot.mark(best, texts.t("best: epoch {epoch}", epoch=best))
    numbers = [float(epoch.epoch) for epoch in epochs]
    few = len(epochs) <= 30
    plot.curve(numbers, training, "first dashed", few)
    plot.curve(numbers, validation, "second", few)
    return plot.svg.markup()


def reliability_diagram(bins: Sequence[ReliabilityBin], texts: Texts) -> Markup:
    """How often answers of each confidence are right, with how many there are."""
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    plot = Plot(
        Axis(0.0, 1.0, shares, texts.t("Confidence"), percent),
        Axis(0.0, 1.0, shares, texts.t("Accuracy"), percent),
        texts.t("Reliability diagram"),
        "; ".join(
            texts.t(
                "{low} to {high} sure: {accuracy} of {count} right",
                low=percent(each.low),
                high=percent(each.high),
                accuracy=percent(each.accuracy),
                count=each.count,
            )
            for each in bins
            if each.count
        ),
    )
    for each in bins:
        if not each.count:
            continue
        left, right, top = plot.x(each.low), plot.x(each.high), plot.y(each.accuracy)
        plot.svg.add(
            "rect",
            Markup("<title>{}</title>").format(f"{each.accuracy:.1%} / {each.confidence:.1%}"),
            x=left + 1.5,
            y=top,
            width=right - left - 3,
            height=plot.y(0.0) - top,
            class_="bar",
        )
    plot.svg.line(plot.x(0.0), plot.y(0.0), plot.x(1.0), plot.y(1.0), "ideal")
    for each in bins:
        if each.count:
            middle = (plot.x(each.low) + plot.x(each.high)) / 2
            plot.svg.text(middle, plot.y(each.accuracy) - 4, str(each.count), kind="count")
    return plot.svg.markup()


def rejection_chart(curve: RejectionCurve, threshold: float, texts: Texts) -> Markup:
    """Accuracy, and the share of photos that is answered, against the threshold."""
    is_some = [index for index, share in enumerate(curve.answered) if share > 0]
    lowest = min(curve.accuracy[index] for index in is_some)
    ticks = ticks_of(max(0.0, min(lowest, *(curve.answered[index] for index in is_some))), 1.0)
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    at = min(range(len(curve.thresholds)), key=lambda i: abs(curve.thresholds[i] - threshold))
    plot = Plot(
        Axis(0.0, 1.0, shares, texts.t("Threshold of familiarity"), percent),
        Axis(ticks[0], 1.0, ticks, "", percent),
        texts.t("Accuracy against the threshold"),
        texts.t(
            "At the threshold {threshold}, {answered} of the photos are answered, and {accuracy} "
            "of these answers are right.",
            threshold=percent(threshold),
            answered=texts.percent(curve.answered[at]),
            accuracy=texts.percent(curve.accuracy[at]),
        ),
    )
    plot.mark(threshold, texts.t("threshold {threshold}", threshold=percent(threshold)))
    plot.curve(
        [curve.thresholds[index] for index in is_some],
        [curve.answered[index] for index in is_some],
        *("first dashed", False),
    )
    plot.curve(
        [curve.thresholds[index] for index in is_some],
        [curve.accuracy[index] for index in is_some],
        *("second", False),
    )
    return plot.svg.markup()


def interval_chart(rows: Sequence[Interval], title: str) -> Markup:
    """A dot with whiskers for each row, from 0 to 1, one row or more."""
    ticks = ticks_of(max(0.0, min(row.low for row in rows)), min(1.0, max(r.high for r in rows)), 5)
    axis = Axis(ticks[0], min(1.0, ticks[-1]), ticks, "", percent)
    height = len(rows) * _ROW_HEIGHT + 26
    svg = Svg(
        *(WIDTH, height, title),
        "; ".join(f"{row.label}: {row.value:.1%} ({row.low:.1%}–{row.high:.1%})" for row in rows),
    )
    left, right = 14, WIDTH - 18

    def x(value: float) -> float:
        return left + axis.share(value) * (right - left)

    for tick in ticks:
        if tick <= axis.high + 1e-9:
            svg.line(x(tick), 4, x(tick), height - 20, "grid")
            svg.text(x(tick), height - 6, percent(tick))
    for number, row in enumerate(rows):
        top = 6 + number * _ROW_HEIGHT
        kind = "second" if row.is_marked else "first"
        svg.text(left, top + 10, row.label, "start", "row marked" if row.is_marked else "row")
        middle = top + 21
        svg.line(x(row.low), middle, x(row.high), middle, f"whisker {kind}")
        for end in (row.low, row.high):
            svg.line(x(end), middle - 4, x(end), middle + 4, f"whisker {kind}")
        svg.add("circle", cx=x(row.value), cy=middle, r=4.5, class_=f"dot {kind}")
    return svg.markup(largest=1.35)


def swatch(kind: str) -> Markup:
    """A piece of a curve, for a legend."""
    return Markup(
        '<svg class="swatch" viewBox="0 0 26 10" aria-hidden="true">'
        '<line x1="1" y1="5" x2="25" y2="5" class="curve {}"/></svg>'
    ).format(kind)
