# PYTHON_ARGCOMPLETE_OK
"""The command line: ``python -m trainer VERB``. Torch is imported only once a verb needs it."""

import argparse
import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from trainer import __version__
from trainer.cli import (
    check,
    compare,
    evaluate,
    export,
    import_model,
    predict,
    report,
    resume,
    runs,
    teach,
    train,
)
from trainer.errors import StorageError, TrainerError

_COMPLETING = "_ARGCOMPLETE"
"""What a shell sets that wants to know how a line could go on."""


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trainer", description="Recognise fruit and vegetables, and teach a model your own."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    predict.add_predict(verbs)
    check.add_check(verbs)
    train.add_train(verbs)
    resume.add_resume(verbs)
    teach.add_teach(verbs)
    evaluate.add_evaluate(verbs)
    compare.add_compare(verbs)
    runs.add_runs(verbs)
    import_model.add_import(verbs)
    export.add_export(verbs)
    report.add_report(verbs)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb.

    Returns:
        The exit status: 0 if it did its work, 1 if it could not, which one line on standard error
        explains. (Bad usage exits with 2 from within argparse.)
    """
    for stream in (sys.stdout, sys.stderr):
        # Windows' consoles and bare locales would fail on Hangul names.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = build_parser()
    if _COMPLETING in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)  # Which prints what could come next, and exits.
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        with _ended_by_sigterm():
            status = run(options)
        sys.stdout.flush()
    except TrainerError as error:
        return _complain(str(error))
    except OSError as error:
        if is_of_closed_pipe(error):
            # The reader has gone, as `head` does; Python would complain once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        return _complain(str(StorageError.of(error)))
    except KeyboardInterrupt as interrupt:
        return _complain(" ".join(("Interrupted.", *interrupt.args)))
    return status


def is_of_closed_pipe(error: OSError, system: str = sys.platform) -> bool:
    """Whether nobody reads any more what is printed; Windows then says that no file can be written
    so, and of which it does not say."""
    if system == "win32" and error.errno == errno.EINVAL:
        return error.filename is None
    return isinstance(error, BrokenPipeError)


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end a verb as Ctrl+C does: jobs in the background ignore the one, and system
    services send the other."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Only there can signals be handled.
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        if before is not None:  # What no Python has set, none can set again.
            signal.signal(signal.SIGTERM, before)


def _complain(sentence: str) -> int:
    if os.environ.get("RANK", "0") == "0":  # Of several processes that train together, one speaks.
        print(" ".join(sentence.split()), file=sys.stderr)
    return 1
