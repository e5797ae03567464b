"""Flux's CSV, without annotations: tables behind empty lines, each with a header. As columns, and as a chart's JSON.

https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/
"""

import csv
import io
from collections.abc import Iterator, Sequence

import msgspec

from influx.client import Refused

HEADER = b",result,table,_time,_value\r\n"
START = b",_result,0,"
END = b"\r\n"
TAIL = 2_000
"""Longer than the table at an answer's end by which InfluxDB says that it failed on the way."""


def columns_of(answer: bytes, columns: Sequence[str]) -> Iterator[list[str]]:
    """The texts of these columns, row by row. Refused: the answer ends in an error."""
    for table in answer.decode().split("\r\n\r\n"):
        lines = csv.reader(io.StringIO(table))
        header = next(lines, [])
        if "error" in header and "reference" in header:
            raise Refused(next(lines)[header.index("error")])
        if header:
            wanted = [header.index(column) for column in columns]
            yield from ([line[index] for index in wanted] for line in lines if line)


class ChartJson:
    """An answer of _time and _value that becomes a JSON list of objects with time and value.

    By replacements, without a number or an object in between, and piece by piece while InfluxDB is still sending.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._made: list[bytes] = []
        self._rest = b""

    def take(self, piece: bytes) -> None:
        """Takes what has come; a row that is not whole waits for the rest of it."""
        self._pieces.append(piece)
        text = self._rest + piece if self._made else piece.removeprefix(HEADER + START)
        cut = max(0, text.rfind(END))
        self._rest = text[cut:]
        rows = text[:cut].replace(END + START, b'},{"time":"')
        # Splitting and joining is a third faster than replacing here.
        self._made.append(b'Z","value":'.join(rows.split(b"Z,")))

    def json(self) -> bytes:
        """The list, once all is taken. Refused: the answer ends in an error."""
        answer = b"".join(self._pieces)
        if self._pieces[:1] and self._pieces[0].startswith(HEADER + START) and END + END not in answer[-TAIL:].rstrip():
            *made, last = self._made
            return b"".join([b'[{"time":"', *made, last.rstrip(), b"}]"])
        found = [{"time": time, "value": float(value)} for time, value in columns_of(answer, ("_time", "_value"))]
        return msgspec.json.encode(found)
