"""GET /alerts/rules: the rules in force, with or without a database."""

from pathlib import Path

import httpx

from api.app import application
from api.service import Service
from influx import rules
from influx.settings import Settings
from tests.api.served import served


def listed(client: httpx.Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get("/alerts/rules").json()["rules"]
    return found


def test_the_default_rules_are_listed_until_others_are_in_force(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with served(application(Service(settings))) as client:
        assert [rule["name"] for rule in listed(client)] == ["price_3x", "volume_3x", "traded_30x"]
    move = "[[rule]]\nname = 'm'\nkind = 'move'\nmetric = 'price'\npercent = 5\nwithin = '15m'\n"
    rules.path(settings).write_text(f"{move}for = '2m'\npairs = ['*usdt']\n")
    rules.put_in_force(settings)
    with served(application(Service(settings))) as client:
        (rule,) = listed(client)
    assert (rule["kind"], rule["percent"], rule["within_s"], rule["direction"]) == ("move", 5, 900, "both")
    assert (rule["for_s"], rule["pairs"], rule["factor"], rule["above"]) == (120, ["*usdt"], None, None)


def test_a_file_that_is_not_in_force_yet_is_not_listed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    rules.path(settings).write_text("[[rule]]\nname = 'other'\nkind = 'level'\nmetric = 'price'\nabove = 1\n")
    with served(application(Service(settings))) as client:
        assert [rule["name"] for rule in listed(client)] == ["price_3x", "volume_3x", "traded_30x"]
