import pytest

from trainer.data.labels.xml_table import xml_table

CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta><task><labels><label><name>apple</name></label></labels></task></meta>
  <image id="0" name="a.jpg" width="8" height="8"><tag label="apple" source="manual"/></image>
  <image id="1" name="x/b.jpg" width="8" height="8">
    <box label="apple" xtl="0" ytl="0" xbr="2" ybr="2"/>
    <polygon label="pear" points="0,0;4,0;4,4;0,4"/>
  </image>
</annotations>
"""
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><annotations>&b;</annotations>'


def test_tags_and_else_shapes_are_labels() -> None:
    table = xml_table(CVAT)
    assert table is not None
    assert table.rows == (("a.jpg", "apple"), ("x/b.jpg", "pear"))
    assert len(table.warnings) == 1


@pytest.mark.parametrize(
    ("marks", "label"),
    [
        # The rectangle around the thin one is larger.
        (
            '<polygon label="leaf" points="0,0;9,9;9,8"/><box label="fruit" xtl="0" ytl="0" '
            'xbr="5" ybr="5"/>',
            "fruit",
        ),
        (
            '<mask label="leaf" width="9" height="9" rle="70, 2"/><ellipse label="fruit" rx="3" '
            'ry="2"/>',
            "fruit",
        ),
        ('<tag label="a"/><box label="leaf" xtl="0" ytl="0" xbr="5" ybr="5"/>', "a"),
        ('<tag label="occluded"/><tag label="a"/>', ""),
    ],
)
def test_what_covers_most_is_the_label(marks: str, label: str) -> None:
    table = xml_table(f'<annotations><image name="a.jpg">{marks}</image></annotations>')
    assert table is not None
    assert table.rows == (("a.jpg", label),)
    assert len(table.warnings) == 1


def test_what_declares_entities_is_not_read() -> None:
    assert xml_table(BOMB) is None
    assert xml_table("<annotations>") is None
    assert xml_table(CVAT.replace('xtl="0"', 'xtl="x"')) is None
    assert xml_table(CVAT.replace("0,0;", "0;")) is None
