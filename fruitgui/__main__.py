"""``python -m fruitgui [PHOTO…]``, and the packaged program."""

import argparse
import multiprocessing
import os
import sys
from pathlib import Path


def main() -> int:
    # In the packaged program a DataLoader's workers are this program again: they end here.
    multiprocessing.freeze_support()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # A windowed program has none, and progress bars fail without.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    parser = argparse.ArgumentParser(
        prog="fruitgui", description="Recognise fruit and vegetables, and teach it your own."
    )
    parser.add_argument("photos", nargs="*", type=Path, metavar="PHOTO", help="photos to classify")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="open the window, go once through all that it does, and quit",
    )
    options = parser.parse_args()
    if options.self_test:
        from fruitgui.self_test import self_test

        return self_test()
    from fruitgui.app import run

    return run(sys.argv[:1], options.photos)


if __name__ == "__main__":
    sys.exit(main())
