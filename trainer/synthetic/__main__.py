"""Write rendered pictures: ``python -m trainer.synthetic samples FOLDER`` or ``… data FOLDER``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from trainer.errors import TrainerError
from trainer.synthetic import KINDS, write_data_set, write_samples


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m trainer.synthetic", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    samples = verbs.add_parser("samples", help="one large picture of each kind")
    samples.add_argument("folder", type=Path)
    data = verbs.add_parser("data", help="a data set in train, validation and test")
    data.add_argument("folder", type=Path)
    data.add_argument("--per-class", type=int, default=40, help="pictures of each kind (40)")
    data.add_argument("--seed", type=int, default=0, help="another seed, other pictures (0)")
    data.add_argument("--size", type=int, default=256, help="pixels a side (256)")
    data.add_argument("--all", action="store_true", help=f"all {len(KINDS)} kinds, not just a few")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "samples":
            print(f"{len(write_samples(chosen.folder))} pictures in {chosen.folder}")
            return 0
        some = {"kinds": KINDS} if chosen.all else {}
        progress = write_data_set(
            chosen.folder, chosen.per_class, chosen.seed, size=chosen.size, **some
        )
        total = 0
        for done, total in progress:
            if sys.stderr.isatty():
                print(f"\r{done} of {total}", end="", file=sys.stderr, flush=True)
        if sys.stderr.isatty():
            print(file=sys.stderr)
        print(f"{total} pictures in {chosen.folder}")
    except (TrainerError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
