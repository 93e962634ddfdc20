"""Pretrained networks, looked up and downloaded beside the GUI thread."""

from collections.abc import Generator


def fetch_imagenet(model: str) -> Generator[tuple[int, int], None, str]:
    """Download a network's ImageNet weights; yields (bytes done, bytes in all), returns the
    network."""
    yield 0, 0
    from trainer.models.pretrained import download_imagenet

    yield from download_imagenet(model)
    return model


def find_network(model: str) -> None:
    """Look a network of timm's up, which takes seconds the first time.

    Raises:
        RecipeError: timm has none of that name.
    """
    from trainer.models.timm_models import require_known

    require_known(model)
