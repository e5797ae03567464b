"""Flux's CSV as columns, and as a chart's JSON however it is cut into pieces."""

import msgspec
import pytest

from api.flux_csv import ChartJson, columns_of
from influx.client import Refused

HEADER = b",result,table,_time,_value\r\n"
POINTS = [("2026-11-24T12:00:00Z", "87012.5"), ("2026-11-24T12:01:00Z", "6.44e-06"), ("2026-11-24T12:02:00Z", "7")]
ROWS = b"".join(f",_result,0,{time},{value}\r\n".encode() for time, value in POINTS)
FAILED = b"\r\nerror,reference\r\nfailed on the way,897\r\n"


def made_of(pieces: list[bytes]) -> bytes:
    """What the pieces become."""
    made = ChartJson()
    for piece in pieces:
        made.take(piece)
    return made.json()


def test_a_chart_is_the_same_wherever_its_answer_is_cut() -> None:
    answer = HEADER + ROWS + b"\r\n"
    whole = made_of([answer])
    assert msgspec.json.decode(whole) == [{"time": time, "value": float(value)} for time, value in POINTS]
    assert b'"value":6.44e-06}' in whole
    for cut in range(len(answer)):
        for other in (cut, cut + 1, cut + 40):
            pieces = [answer[:cut], answer[cut:other], answer[other:]]
            assert msgspec.json.decode(made_of(pieces)) == msgspec.json.decode(whole), pieces


@pytest.mark.parametrize("answer", [[], [b""], [b"\r\n"], [HEADER], [HEADER, b"\r\n"]])
def test_no_points_are_an_empty_list(answer: list[bytes]) -> None:
    assert made_of(answer) == b"[]"


def test_several_tables_are_one_chart() -> None:
    answer = HEADER + ROWS + b"\r\n" + HEADER + ROWS.replace(b",0,", b",1,") + b"\r\n"
    assert [point["value"] for point in msgspec.json.decode(made_of([answer]))] == [87012.5, 6.44e-06, 7.0] * 2


@pytest.mark.parametrize("rows", [b"", ROWS, 100 * ROWS])
def test_an_answer_that_ends_in_an_error_is_none(rows: bytes) -> None:
    with pytest.raises(Refused, match="failed on the way"):
        made_of([HEADER + rows, FAILED])


def test_columns_are_found_by_name_in_each_table() -> None:
    answer = b",result,table,a,b\r\n,_result,0,1,2\r\n\r\n,result,table,b,a\r\n,_result,1,4,3\r\n\r\n"
    assert list(columns_of(answer, ("b", "a"))) == [["2", "1"], ["4", "3"]]
