"""Labels in the XML of CVAT: the tags of images, and what was marked in them."""

import math
from xml.etree import ElementTree

from trainer.data.labels.marks import (
    UNKNOWN,
    WHOLE,
    Mark,
    MarkedImage,
    by_largest_area,
    known_area,
    polygon_area,
    run_length_area,
)
from trainer.data.labels.table import LabelTable

_SHAPES = ("box", "polygon", "ellipse", "mask")


def xml_table(text: str) -> LabelTable | None:
    """The labels of an XML text; None where it is none of CVAT's.

    What declares types or entities is none: entities that name one another grow without end, and
    may name files.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    try:
        root = ElementTree.fromstring(text)
        images = [_marked(image) for image in root.iter("image")]
    except (ElementTree.ParseError, ValueError):
        return None
    return by_largest_area("CVAT", [each for each in images if each.image])


def _marked(image: ElementTree.Element) -> MarkedImage:
    tags: list[Mark] = [(tag.get("label", ""), WHOLE) for tag in image.iter("tag")]
    shapes = [
        (each.get("label", ""), _area(each)) for shape in _SHAPES for each in image.iter(shape)
    ]
    return MarkedImage(image.get("name", ""), [*tags, *shapes], image.get("subset", ""))


def _area(shape: ElementTree.Element) -> float:
    """In pixels.

    Raises:
        ValueError: its numbers are none, or too few.
    """
    if shape.tag == "polygon":
        points = [point.split(",") for point in shape.get("points", "").split(";") if point]
        return known_area(polygon_area([(float(x), float(y)) for x, y in points]))
    if shape.tag == "ellipse":
        return known_area(math.pi * float(shape.get("rx", 0)) * float(shape.get("ry", 0)))
    if shape.tag == "mask":
        runs = [float(run) for run in shape.get("rle", "").split(",") if run.strip()]
        return known_area(run_length_area(runs)) if runs else UNKNOWN
    width = float(shape.get("xbr", 0)) - float(shape.get("xtl", 0))
    return known_area(abs(width * (float(shape.get("ybr", 0)) - float(shape.get("ytl", 0)))))
