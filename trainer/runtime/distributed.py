"""Training with several processes, as torchrun starts them: each learns from a share of a batch."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, distributed, nn

from trainer.errors import TrainerError

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Ranks:
    """The processes that train together; the one of rank 0 writes all files and speaks."""

    rank: int = 0
    count: int = 1
    device: torch.device | None = None
    """Where this process computes; None leaves it the choice."""

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def wait(self) -> None:
        """Wait until all have come here."""
        if self.count > 1:
            distributed.barrier()

    def sum(self, values: Tensor) -> Tensor:
        """The sum over all ranks; the same on each, to the bit."""
        if self.count > 1:
            distributed.all_reduce(values)
        return values

    def copy_first(self, module: nn.Module) -> None:
        """Give *module* the weights and statistics that it has in the first process."""
        if self.count > 1:
            for value in module.state_dict().values():
                distributed.broadcast(value, src=0)

    def of_first(self, make: Callable[[], _Result]) -> _Result:
        """What *make* gives in the first process, for all of them.

        Raises:
            TrainerError: the first one raised it.
        """
        if self.count == 1:
            return make()
        made: list[_Result | TrainerError | None] = [None]
        if self.is_first:
            try:
                made = [make()]
            except TrainerError as error:
                made = [error]
        distributed.broadcast_object_list(made)
        (result,) = made
        if isinstance(result, TrainerError):
            raise result
        return result  # type: ignore[return-value]  # what make() gave

    def share(self, items: Tensor) -> Tensor:
        """This process's part of *items*."""
        return items[self.rank :: self.count] if self.count > 1 else items


ALONE = Ranks()


@contextmanager
def ranks_in_environment(device: str = "auto") -> Iterator[Ranks]:
    """Join the processes that torchrun started with this one; alone without it.

    They talk by NCCL where each has a GPU of its own, else they compute on the CPU and talk by
    gloo.

    Args:
        device: what the user asks for; ``cpu`` leaves GPUs alone.
    """
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield ALONE
        return
    # Every process of this machine must come to the same answer.
    neighbours = int(os.environ.get("LOCAL_WORLD_SIZE", count))
    if device != "cpu" and torch.cuda.device_count() >= neighbours:
        mine = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(mine)
        distributed.init_process_group("nccl", device_id=mine)
    else:
        mine = torch.device("cpu")
        distributed.init_process_group("gloo")
    try:
        yield Ranks(distributed.get_rank(), count, mine)
    finally:
        distributed.destroy_process_group()
