"""Which exchanges the settings choose, and where they are asked."""

import pytest

from collector.chosen import base_url, chosen
from collector.exchanges import native
from collector.exchanges.kraken import Kraken
from influx.settings import Settings, SettingsError


def test_all_native_exchanges_are_chosen_by_default() -> None:
    assert [exchange.name for exchange in chosen(Settings())] == list(native())


def test_the_settings_names_are_chosen_each_once_in_their_order() -> None:
    named = Settings(exchanges=["kraken", "binance", "kraken"])
    assert [exchange.name for exchange in chosen(named)] == ["kraken", "binance"]


def test_an_exchange_of_ccxt_may_have_an_address_by_its_own_name() -> None:
    settings = Settings(exchanges=["ccxt:bitvavo"], exchange_urls={"bitvavo": "http://127.0.0.1:9000"})
    [bitvavo] = chosen(settings)
    assert base_url(settings, bitvavo) == "http://127.0.0.1:9000"


def test_an_unknown_name_is_an_error_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"COINWATCH_EXCHANGES: 'karken' is no exchange; did you mean kraken"):
        chosen(Settings(exchanges=["karken"]))


def test_an_address_of_an_unknown_exchange_is_an_error() -> None:
    with pytest.raises(SettingsError, match=r"COINWATCH_KARKEN_URL: 'karken' is no exchange"):
        chosen(Settings(exchange_urls={"karken": "http://127.0.0.1:9000"}))


def test_the_simulator_takes_the_place_of_every_exchange_without_an_address_of_its_own() -> None:
    settings = Settings(simulate=True, simulator_port=8901, exchange_urls={"okx": "http://127.0.0.1:9000"})
    assert base_url(settings, Kraken()) == "http://127.0.0.1:8901/kraken"
    assert base_url(settings, native()["okx"]()) == "http://127.0.0.1:9000"
    assert base_url(Settings(), Kraken()) == "https://api.kraken.com"
