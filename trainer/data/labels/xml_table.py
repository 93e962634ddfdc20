"""Labels in the XML of CVAT: the tags of images, or else what was marked in them."""

from xml.etree import ElementTree

from trainer.data.labels.json_table import by_largest_area
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
    except (ElementTree.ParseError, ValueError, IndexError):
        return None
    return by_largest_area("CVAT", [each for each in images if each[0]])


def _marked(image: ElementTree.Element) -> tuple[str, list[tuple[str, float]], str]:
    tags = [(tag.get("label", ""), 0.0) for tag in image.iter("tag")]
    shapes = [
        (each.get("label", ""), _area(each)) for shape in _SHAPES for each in image.iter(shape)
    ]
    return image.get("name", ""), tags or shapes, image.get("subset", "")


def _area(shape: ElementTree.Element) -> float:
    """Of the rectangle around it, in pixels.

    Raises:
        ValueError, IndexError: its numbers are none, or too few.
    """
    if shape.tag == "polygon":
        points = [point.split(",") for point in shape.get("points", "").split(";") if point]
        across, down = ([float(point[axis]) for point in points] for axis in (0, 1))
        return (max(across) - min(across)) * (max(down) - min(down)) if points else 0.0
    if shape.tag == "ellipse":
        return 4 * float(shape.get("rx", 0)) * float(shape.get("ry", 0))
    if shape.tag == "mask":
        return float(shape.get("width", 0)) * float(shape.get("height", 0))
    width = float(shape.get("xbr", 0)) - float(shape.get("xtl", 0))
    return abs(width * (float(shape.get("ybr", 0)) - float(shape.get("ytl", 0))))
