"""A report's confusion matrix, as inline SVG."""

from collections.abc import Sequence

from markupsafe import Markup

from trainer.report.svg import Svg
from trainer.report.texts import Texts

_LARGEST_CELL, _SMALLEST_CELL = 40.0, 6.0
_SMALLEST_FIGURE = 5.5
_MATRIX_WIDTH = 720.0
_CHARACTER = 0.62
"""The width of a letter, by the size of its font; Korean ones take about twice that."""


def confusion_matrix(names: Sequence[str], matrix: Sequence[Sequence[int]], texts: Texts) -> Markup:
    """What was taken for what: a row a true class, a column an answer. Figures are in the cells
    where there is room, and always in their tooltips."""
    labels = [_cut(name) for name in names]
    widest = max(map(_letters, labels))
    cell = _LARGEST_CELL
    # The smaller the cells, the smaller their labels, and the more room for cells.
    for _ in range(4):
        font = min(11.0, cell * 0.72)
        margin = widest * font * _CHARACTER + 8
        cell = max(_SMALLEST_CELL, min(_LARGEST_CELL, (_MATRIX_WIDTH - margin) / len(names)))
    side = margin + cell * len(names) + 1
    svg = Svg(
        *(side, side, texts.t("Confusion matrix")),
        texts.t(
            "{right} of {count} photos are on the diagonal, which is right. The table of classes "
            "lists what the others were taken for.",
            right=sum(row[index] for index, row in enumerate(matrix)),
            count=sum(map(sum, matrix)),
        ),
    )
    end = margin + cell * len(names)
    for number, label in enumerate(labels):
        at = margin + (number + 0.5) * cell
        style = f"font-size:{font:.1f}px"
        svg.add("text", label, x=margin - 4, y=at + font * 0.36, text_anchor="end", style=style)
        turned = f"rotate(-90 {at:.1f} {margin - 4:.1f}) translate(0 {font * 0.36:.1f})"
        svg.add("text", label, x=at, y=margin - 4, transform=turned, style=style)
    for number in range(len(names) + 1):
        at = margin + number * cell
        svg.line(margin, at, end, at, "grid")
        svg.line(at, margin, at, end, "grid")
    for row, counts in enumerate(matrix):
        total = sum(counts)
        for column, found in enumerate(counts):
            if found:
                _cell(svg, names, (row, column), found, found / total, (margin, cell))
    return svg.markup()


def _cell(
    svg: Svg,
    names: Sequence[str],
    place: tuple[int, int],
    found: int,
    share: float,
    grid: tuple[float, float],
) -> None:
    (row, column), (margin, cell) = place, grid
    x, y = margin + column * cell, margin + row * cell
    is_right = row == column
    tip = f"{names[row]} → {names[column]}: {found} ({share:.0%})"
    svg.add(
        "rect",
        Markup("<title>{}</title>").format(tip),
        x=x,
        y=y,
        width=cell,
        height=cell,
        class_="right" if is_right else "wrong",
        fill_opacity=f"{(0.25 + 0.75 * share if is_right else 0.3 + 0.7 * share):.2f}",
    )
    size = min(12.0, cell * 0.55, 0.95 * cell / (_CHARACTER * len(str(found))))
    if size >= _SMALLEST_FIGURE:
        kind = "figure strong" if share > 0.55 and is_right else "figure"
        svg.add(
            "text",
            found,
            x=x + cell / 2,
            y=y + cell / 2 + size * 0.36,
            text_anchor="middle",
            class_=kind,
            style=f"font-size:{size:.1f}px",
        )


def _letters(name: str) -> float:
    return sum(1.7 if ord(letter) > 0x2E80 else 1.0 for letter in name)


def _cut(name: str) -> str:
    """A name that is no longer than a matrix has room for."""
    while _letters(name) > 20:
        name = name.rstrip("…")[:-1] + "…"
    return name
