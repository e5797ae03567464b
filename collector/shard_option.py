"""The option --shard of the commands that poll."""

import argparse
import re

from collector.lines import WHOLE, Shard


def add(parser: argparse.ArgumentParser) -> None:
    """Adds --shard to a command."""
    parser.add_argument(
        "--shard", type=shard, default=WHOLE, metavar="I/N", help="take the Ith of N equal parts of all pairs, from 1"
    )


def shard(text: str) -> Shard:
    """2/4 is the second of four parts."""
    match = re.fullmatch(r"(\d+)/(\d+)", text)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is no part; accepted: 1/1, 1/2, 2/2, 1/3 and so on")
    return Shard(int(match[1]), int(match[2]))
