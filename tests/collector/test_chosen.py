"""Which exchanges the settings mean, and where they are asked."""

import pytest

from collector import chosen
from collector.exchanges import native
from collector.exchanges.kraken import Kraken
from influx.settings import Settings, SettingsError


def test_all_native_exchanges_are_collected_by_default() -> None:
    assert [exchange.name for exchange in chosen.chosen(Settings())] == list(native())


def test_the_named_ones_are_collected_each_once() -> None:
    names = [exchange.name for exchange in chosen.chosen(Settings(exchanges=["kraken", "binance", "kraken"]))]
    assert names == ["kraken", "binance"]


def test_an_unknown_name_is_an_error_with_the_nearest_ones() -> None:
    with pytest.raises(SettingsError, match=r"COINWATCH_EXCHANGES: 'karken' is no exchange; did you mean kraken"):
        chosen.chosen(Settings(exchanges=["karken"]))


def test_a_name_like_none_is_an_error_with_all_that_there_are() -> None:
    with pytest.raises(SettingsError, match=r"binance, .*kraken"):
        chosen.chosen(Settings(exchanges=["zzz"]))


def test_an_address_of_an_unknown_exchange_is_an_error() -> None:
    with pytest.raises(SettingsError, match=r"COINWATCH_KRACKEN_URL: .* did you mean kraken"):
        chosen.chosen(Settings(exchange_urls={"kracken": "http://127.0.0.1:1"}))


def test_an_exchanges_own_setting_goes_before_the_simulator_and_that_before_the_exchange() -> None:
    kraken = Kraken()
    urls = {"kraken": "http://127.0.0.1:1"}
    assert [
        chosen.base_url(Settings(), kraken),
        chosen.base_url(Settings(simulate=True, simulator_port=8901), kraken),
        chosen.base_url(Settings(simulate=True, exchange_urls=urls), kraken),
    ] == ["https://api.kraken.com", "http://127.0.0.1:8901/kraken", "http://127.0.0.1:1"]
