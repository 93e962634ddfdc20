"""Which networks stand for the others where looking at all of them would take long."""

from trainer.config.architectures import ARCHITECTURES, Architecture


def _smallest_of_each_kind() -> list[str]:
    """Of networks that are cut into stages alike, larger ones differ in nothing but numbers."""
    smallest: dict[object, Architecture] = {}
    for each in sorted(ARCHITECTURES.values(), key=lambda each: each.megabytes):
        smallest.setdefault((each.source, each.stages, each.neck), each)
    return sorted(each.name for each in smallest.values())


ONE_OF_EACH_KIND = _smallest_of_each_kind()
"""The smallest of each kind in the table."""
OUTSIDE_THE_TABLE = ["timm/resnet26d", "timm/vit_tiny_patch16_224"]
"""Some that a user may name."""
