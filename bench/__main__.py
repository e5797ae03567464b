"""`python -m bench [NAME...]`: runs all benchmarks, or these; 1 when a bound was missed, 2 for a name there is not."""

import sys

from bench.run import found, run


def main() -> int:
    """The command."""
    names = sys.argv[1:]
    unknown = set(names) - set(found())
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(found())}", file=sys.stderr)
        return 2
    return 0 if run(names) else 1


if __name__ == "__main__":
    sys.exit(main())
