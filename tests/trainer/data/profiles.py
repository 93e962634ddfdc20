"""ICC profiles for tests, made here: of linear primaries and one exponent (ICC.1, 8.3)."""

import struct

import numpy as np

DISPLAY_P3 = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
SRGB = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
_D50 = (0.9642, 1.0, 0.8249)
_D65 = (0.3127, 0.3290)
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def rgb_profile(primaries: tuple[tuple[float, float], ...], gamma: float = 2.2) -> bytes:
    """Of a screen with these primaries (x, y), whose white is D65."""
    colours = np.stack([_xyz(*primary) for primary in primaries], axis=1)
    colours *= np.linalg.solve(colours, _xyz(*_D65))
    cones = _BRADFORD @ np.array(_D50) / (_BRADFORD @ _xyz(*_D65))
    colours = np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ colours
    tags = {b"wtpt": _numbers(_D50)}
    for name, column in zip((b"r", b"g", b"b"), colours.T, strict=True):
        tags[name + b"XYZ"] = _numbers(column)
        tags[name + b"TRC"] = _curve(gamma)
    return _profile(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    return _profile(b"GRAY", {b"wtpt": _numbers(_D50), b"kTRC": _curve(gamma)})


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", 1) + bytes(79), **tags}
    start = 132 + 12 * len(tags)
    table, content = b"", b""
    for name, tag in tags.items():
        table += name + struct.pack(">II", start + len(content), len(tag))
        content += tag + bytes(-len(tag) % 4)
    header = struct.pack(">I4xI4s4s4s", start + len(content), 0x02400000, b"mntr", space, b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + _numbers(_D50)[8:]
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + content


def _xyz(x: float, y: float) -> np.ndarray:
    return np.array([x / y, 1, (1 - x - y) / y])


def _numbers(values: "np.ndarray | tuple[float, ...]") -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(v * 65536)) for v in values)


def _curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH2x", 1, round(gamma * 256))
