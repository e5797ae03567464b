"""Which minutes an exchange was asked for and has answered, kept on disk: none is asked for twice, whatever it gave.

One line a call, written after its candles are in the spool: pair, start and end in Unix seconds, the end excluded.
A line that a kill has torn is no line, so the worst is one call made again.
"""

import os
from collections import defaultdict
from pathlib import Path

from collector.minutes import Span

ROUND = "*"  # no pair: its END is up to where every hole was dealt with


class Answered:
    """The answered spans of one exchange. Used by one thread."""

    def __init__(self, path: Path, oldest_s: int) -> None:
        """Takes up what the file holds and leaves out what ends before `oldest_s`."""
        self._path = path
        self._spans: defaultdict[str, list[Span]] = defaultdict(list)
        self.complete_s = 0
        """Up to when every hole was dealt with, in Unix seconds; 0: never yet."""
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text().splitlines() if path.exists() else []
        for line in lines:
            self._take(line, oldest_s)
        self._write_anew()

    def __contains__(self, asked: tuple[str, int]) -> bool:
        """Whether (pair, minute) was answered."""
        pair, minute = asked
        return any(minute in span for span in self._spans.get(pair, ()))

    def note(self, pair: str, span: Span) -> None:
        """Keeps that the span was answered."""
        self._spans[pair].append(span)
        self._append(_line(pair, span))

    def complete(self, until_s: int) -> None:
        """Keeps that every hole before `until_s` was dealt with."""
        self.complete_s = until_s
        self._append(_line(ROUND, Span(0, until_s)))

    def _take(self, line: str, oldest_s: int) -> None:
        match line.split("\t"):
            case [pair, start, end, ""] if start.isdigit() and end.isdigit():
                if pair == ROUND:
                    self.complete_s = int(end)
                elif int(end) > oldest_s:
                    self._spans[pair].append(Span(int(start), int(end)))

    def _append(self, line: str) -> None:
        with self._path.open("a") as file:
            file.write(line)

    def _write_anew(self) -> None:
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        lines = [_line(pair, span) for pair, spans in self._spans.items() for span in spans]
        draft.write_text("".join([_line(ROUND, Span(0, self.complete_s)), *lines]))
        draft.replace(self._path)


def _line(pair: str, span: Span) -> str:
    """Ends with a tab, by which a torn number is told from a whole one."""
    return f"{pair}\t{span.start_s}\t{span.end_s}\t\n"
