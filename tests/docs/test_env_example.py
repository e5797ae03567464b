"""The file .env.example, read as a user would use it."""

import re

from docs.pages import ROOT
from influx.settings import Settings, read_settings

LINES = (ROOT / ".env.example").read_text().splitlines()
COMMENTED = {match[1]: match[2] for line in LINES if (match := re.fullmatch(r"#(\w+)=(.*)", line))}


def test_copied_as_it_is_it_changes_nothing() -> None:
    assert [line for line in LINES if line and not line.startswith("#")] == []


def test_with_every_comment_taken_off_it_holds_the_defaults() -> None:
    settings = read_settings({name: value for name, value in COMMENTED.items() if name != "COINWATCH_KRAKEN_URL"})
    assert settings == Settings()


def test_the_example_of_an_exchanges_address_is_accepted() -> None:
    assert read_settings(COMMENTED).exchange_urls == {"kraken": "http://127.0.0.1:9000"}
