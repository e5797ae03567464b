"""Runs one contender in a process of its own, so that none inherits another's memory, caches or threads.

A contender is a module with `label` and `run(size)`, which answers with its figures by name.
"""

import importlib
import subprocess
import sys
from collections.abc import Mapping

import msgspec

from bench.place import Place

Figures = dict[str, float]


def run(module: str, size: int, place: Place) -> Figures:
    """A contender's figures at a size. CalledProcessError: it failed, and has said why."""
    command = [sys.executable, "-m", "bench.contender", module, str(size)]
    done = subprocess.run(command, env=place.environ(), stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Figures)


def main() -> None:
    """The process of one contender."""
    contender = importlib.import_module(sys.argv[1])
    figures: Mapping[str, float] = contender.run(int(sys.argv[2]))
    sys.stdout.buffer.write(msgspec.json.encode(figures) + b"\n")


if __name__ == "__main__":
    main()
