"""`python -m docs`: writes the parts of README, docs and .env.example that the code knows; --check only looks."""

import argparse
import sys
from collections.abc import Sequence

from docs.marked import MarkerError
from docs.pages import COMMAND, ROOT, old


def main(arguments: Sequence[str] | None = None) -> int:
    """0: written, or current; 1: something is old or a marker is wrong, told on stderr."""
    parser = argparse.ArgumentParser(prog="python -m docs", description=(__doc__ or "").partition(": ")[2])
    parser.add_argument("--check", action="store_true", help="write nothing; say what is old")
    check = parser.parse_args(arguments).check
    try:
        outdated = old()
    except MarkerError as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in outdated.items():
        if check:
            print(f"{path.relative_to(ROOT)} is old; mend it with: {COMMAND}", file=sys.stderr)
        else:
            path.write_text(text)
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if check and outdated else 0


if __name__ == "__main__":
    sys.exit(main())
