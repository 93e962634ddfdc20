"""Drawing inline SVG: elements, axes and curves. The page's style sheet colours them; a title and a
description tell them to those who cannot see them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

WIDTH, HEIGHT = 360, 220
"""A chart's size in its own units, about pixels: on a phone, it is as wide as the page."""
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 20, 38
"""The room around what is plotted."""
_TICK_GAP = 4


@dataclass(frozen=True, slots=True)
class Axis:
    """What a side of a chart measures."""

    low: float
    high: float
    ticks: tuple[float, ...]
    label: str
    format: Callable[[float], str]

    def share(self, value: float) -> float:
        """Where a value lies, 0 at *low* and 1 at *high*."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5


@dataclass(slots=True)
class Svg:
    """An SVG image under construction."""

    width: float
    height: float
    title: str
    description: str
    parts: list[Markup] = field(default_factory=list)

    def add(self, name: str, content: object = "", /, **attributes: object) -> None:
        """Add an element; ``class_`` stands for *class*, and underscores for hyphens. Numbers are
        rounded to a tenth."""
        given = Markup("").join(
            Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _rounded(value))
            for key, value in attributes.items()
        )
        self.parts.append(Markup("<{0}{1}>{2}</{0}>").format(Markup(name), given, content))

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)

    def text(
        self, x: float, y: float, content: str, anchor: str = "middle", kind: str = ""
    ) -> None:
        attributes = {"class_": kind} if kind else {}
        self.add("text", content, x=x, y=y, text_anchor=anchor, **attributes)

    def path(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        steps = " ".join(f"{_rounded(x)},{_rounded(y)}" for x, y in points)
        self.add("polyline", points=steps, class_=kind)

    def markup(self, largest: float = 1.5) -> Markup:
        """The whole element; it grows with the page up to *largest* times its size."""
        return Markup(
            '<svg viewBox="0 0 {} {}" style="max-width:{}px" role="img">'
            "<title>{}</title><desc>{}</desc>{}</svg>"
        ).format(
            _rounded(float(self.width)),
            _rounded(float(self.height)),
            round(largest * self.width),
            self.title,
            self.description,
            Markup("").join(self.parts),
        )


def _rounded(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


class Plot:
    """A chart with two axes."""

    def __init__(self, x: Axis, y: Axis, title: str, description: str) -> None:
        self.svg = Svg(WIDTH, HEIGHT, title, description)
        self.x_axis, self.y_axis = x, y
        left, right, bottom = LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM
        for tick in y.ticks:
            at = self.y(tick)
            self.svg.line(left, at, right, at, "grid")
            self.svg.text(left - _TICK_GAP, at + 3.5, y.format(tick), "end")
        for tick in x.ticks:
            self.svg.text(self.x(tick), bottom + 14, x.format(tick))
        self.svg.line(left, bottom, right, bottom, "axis")
        self.svg.text((left + right) / 2, HEIGHT - 6, x.label, kind="label")

    def x(self, value: float) -> float:
        return LEFT + self.x_axis.share(value) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - self.y_axis.share(value) * (HEIGHT - TOP - BOTTOM)

    def curve(self, xs: Sequence[float], ys: Sequence[float], kind: str, dots: bool) -> None:
        points = [(self.x(x), self.y(y)) for x, y in zip(xs, ys, strict=True)]
        self.svg.path(points, f"curve {kind}")
        for x, y in points if dots else ():
            self.svg.add("circle", cx=x, cy=y, r=2.4, class_=f"dot {kind}")

    def mark(self, value: float, label: str) -> None:
        """A vertical line at a value of the horizontal axis, and what it is."""
        at = self.x(value)
        self.svg.line(at, TOP - 4, at, HEIGHT - BOTTOM, "mark")
        # Above the curves, and inside the image.
        anchor = "start" if self.x_axis.share(value) < 0.5 else "end"
        self.svg.text(at, TOP - 8, label, anchor, "marked")


def percent(value: float) -> str:
    """A share, to three digits."""
    return f"{100 * value:.3g}%"


def nice_step(span: float, steps: int) -> float:
    """A round number, so that about *steps* of it make up *span*."""
    raw = span / steps
    power: float = 10.0 ** math.floor(math.log10(raw))
    return next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= raw * 0.999)


def ticks_of(low: float, high: float, steps: int = 4) -> tuple[float, ...]:
    """Round numbers from *low* or below it to *high* or above it."""
    step = nice_step(max(high - low, 1e-9), steps)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(number * step for number in range(first, max(last, first + 1) + 1))
