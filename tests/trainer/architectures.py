"""Which networks stand for the others where looking at all of them would take long."""

from trainer.config.architectures import ARCHITECTURES, Architecture

OF_OTHER_BLOCKS = {"resnet50", "efficientnet_b3"}
"""Cut into the stages of a smaller one, with bottlenecks, or squeeze and excitation, in them."""


def _smallest_of_each_kind() -> list[str]:
    """Of networks that are cut into the same stages, the one that is downloaded fastest."""
    smallest: dict[object, Architecture] = {}
    for each in sorted(ARCHITECTURES.values(), key=lambda each: each.megabytes):
        smallest.setdefault((each.source, each.stages, each.neck), each)
    return sorted({each.name for each in smallest.values()} | OF_OTHER_BLOCKS)


ONE_OF_EACH_KIND = _smallest_of_each_kind()
"""The smallest of each kind of network in the table."""
OUTSIDE_THE_TABLE = ["timm/resnet26d", "timm/vit_tiny_patch16_224"]
"""Some that a user may name."""
