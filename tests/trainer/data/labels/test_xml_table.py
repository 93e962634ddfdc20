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


def test_what_declares_entities_is_not_read() -> None:
    assert xml_table(BOMB) is None
    assert xml_table("<annotations>") is None
    assert xml_table(CVAT.replace('xtl="0"', 'xtl="x"')) is None
    assert xml_table(CVAT.replace("0,0;", "0;")) is None
