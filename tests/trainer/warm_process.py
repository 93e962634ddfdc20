"""Processes that begin at once. To import torch takes a process of the trainer longer than a small
run; these are forked from one that has. They have an environment and pipes of their own, and
signals find them. What depends on how Python starts, or on what is imported when, is not for them.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

from trainer.cli.main import main

_IMPORTED = (
    *("trainer.training.compare", "trainer.models.timm_models", "torch.distributed"),
    *("trainer.experiments.benchmark_model", "trainer.inference.openvino_convert"),
)


@dataclass(frozen=True, slots=True, eq=False)
class WarmProcess:
    """One that is under way, or over."""

    process: BaseProcess
    stdout: TextIO
    stderr: TextIO

    def send_signal(self, number: int) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def wait(self) -> int:
        """Its exit status, once it is over: of one that was killed, less than 0 by the signal."""
        self.process.join()
        assert self.process.exitcode is not None
        return self.process.exitcode


@contextmanager
def running(
    function: Callable[..., object],
    *arguments: object,
    environment: Mapping[str, str] | None = None,
) -> Iterator[WarmProcess]:
    """A process that calls a function of some module, and is no more at the end.

    Args:
        environment: what it has beside this process's own.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_IMPORTED])
    readers, writers = zip(*(context.Pipe(duplex=False) for _ in range(2)), strict=True)
    process = context.Process(
        target=_called,
        args=({**os.environ, **(environment or {})}, writers, function, arguments),
    )
    process.start()
    for writer in writers:
        writer.close()
    stdout, stderr = (
        os.fdopen(os.dup(reader.fileno()), encoding="utf-8", newline="\n") for reader in readers
    )
    for reader in readers:
        reader.close()
    with stdout, stderr:
        try:
            yield WarmProcess(process, stdout, stderr)
        finally:
            process.kill()
            process.join()
            process.close()


def command_line(arguments: Sequence[str]) -> None:
    """Call the command line, and exit as it says."""
    sys.exit(main(arguments))


def trainer(
    *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> AbstractContextManager[WarmProcess]:
    """The command line with these arguments."""
    return running(command_line, [*map(str, arguments)], environment=environment)


def _called(
    environment: Mapping[str, str],
    writers: tuple[Connection, Connection],
    function: Callable[..., object],
    arguments: tuple[object, ...],
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, writer in enumerate(writers, start=1):
        os.dup2(writer.fileno(), number)
        writer.close()
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
    # Interrupts are not ignored, even if they are here (jobs in the background do).
    signal.signal(signal.SIGINT, signal.default_int_handler)
    function(*arguments)
