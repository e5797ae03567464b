"""A new exchange is new files only: an adapter dropped into a copy of the package is found, chosen and tested."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ADAPTER = '''"""Nova, spot, made up for a test. Shapes: https://nova.example/docs"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Exchange, Pair, Quote


class Market(Struct):
    id: str
    base: str
    quote: str
    open: bool


class Ticker(Struct):
    id: str
    last: float


class Nova(Exchange):
    name = "nova"
    base_url = "https://nova.example"
    docs = "https://nova.example/docs"
    limit = "1 request/s"

    def pair_urls(self) -> Sequence[str]:
        return ["/markets"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/tickers"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in body.decode(list[Market]):
            if row.open:
                yield Pair(row.id, row.base, row.quote)

    def quotes(self, body: Body) -> Iterator[Quote]:
        for row in body.decode(list[Ticker]):
            yield Quote(row.id, row.last)
'''
LINE = "quote,base=btc,exchange=nova,pair=btcusd,quote=usd price=64120.5 1767225600000000000\n"
CASES = {
    "two_markets/pairs.json": """[
{"id":"BTC-USD","base":"BTC","quote":"USD","open":true},
{"id":"OLD-USD","base":"OLD","quote":"USD","open":false}
]""",
    "two_markets/tickers.json": '[{"id":"BTC-USD","last":"64120.5"}]',
    "two_markets/expected.lp": LINE,
    "two_markets/left_out.txt": "OLD-USD: not open\n",
    "damaged_rows/pairs.json": '[{"id":"BTC-USD","base":"BTC","quote":"USD","open":true}]',
    "damaged_rows/tickers.json": '[{"id":"BTC-USD","last":"64120.5"},{"id":"BTC-USD"}]',
    "damaged_rows/expected.lp": LINE,
    "damaged_rows/left_out.txt": "[1]: unreadable\n",
    "refusals/refused.json": '{"error":"closed for maintenance"}',
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and their tests of exchanges, with Nova's files added and none edited."""
    for part in ("collector", "influx", "tests/collector/exchanges"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "collector/exchanges/nova.py").write_text(ADAPTER)
    for name, content in CASES.items():
        path = tmp_path / "tests/collector/exchanges/cases/nova" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the copy, which knows nothing of the original."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "COINWATCH_EXCHANGES": "nova,kraken"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, timeout=120
    )


def test_an_adapter_dropped_into_the_package_is_chosen(copy: Path) -> None:
    asked = "from collector.chosen import chosen; from influx.settings import read_settings as read; "
    asked += "print([exchange.name for exchange in chosen(read())])"
    assert run(copy, "-c", asked).stdout == "['nova', 'kraken']\n"


def test_its_cases_are_run_by_the_tests_that_there_are(copy: Path) -> None:
    tests = ["tests/collector/exchanges/test_cases.py", "tests/collector/exchanges/test_every_exchange.py"]
    done = run(copy, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-k", "nova", *tests)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_its_line_is_held_against_the_expected_one(copy: Path) -> None:
    expected = copy / "tests/collector/exchanges/cases/nova/two_markets/expected.lp"
    expected.write_text(expected.read_text().replace("64120.5", "64120.6"))
    tests = ["tests/collector/exchanges/test_cases.py"]
    done = run(copy, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-k", "nova", *tests)
    assert "test_answers_become_the_expected_lines[nova/two_markets]" in done.stdout
    assert done.returncode == 1
