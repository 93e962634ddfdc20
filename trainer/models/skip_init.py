"""Building a network whose weights come from elsewhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from trainer.config.architectures import architecture_named


@contextmanager
def skip_init(model: str) -> Iterator[None]:
    """A context in which that network gets no random weights, for others are to take their place;
    nor does it move torch's generators, from which a run under way may draw in another thread.

    Raises:
        RecipeError: there is no architecture *model*.
    """
    is_in_table = architecture_named(model).is_in_table
    # Some networks of timm's have tensors that no file has, as those of the meta device would be.
    with _WithoutChance(), torch.device("meta") if is_in_table else nullcontext():
        yield


class _WithoutChance(TorchFunctionMode):
    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func not in _DRAWING_IN_PLACE:
            return _NOT_DRAWING.get(func, func)(*args, **(kwargs or {}))
        tensor: Tensor = args[0] if args else (kwargs or {})["tensor"]
        # What was in that memory could be anything, and torch draws until it lies within limits.
        tensor.detach().zero_()
        return tensor


_DRAWING_IN_PLACE = {
    *(getattr(Tensor, f"{name}_") for name in ("uniform", "normal", "bernoulli", "random")),
    *(getattr(Tensor, f"{name}_") for name in ("exponential", "cauchy", "log_normal", "geometric")),
    nn.init.uniform_,
    nn.init.normal_,
    nn.init.kaiming_uniform_,
    nn.init.kaiming_normal_,
}
_NOT_DRAWING: dict[Any, Any] = {
    torch.rand: torch.zeros,
    torch.randn: torch.zeros,
    torch.rand_like: torch.zeros_like,
    torch.randn_like: torch.zeros_like,
    torch.bernoulli: torch.zeros_like,
}
