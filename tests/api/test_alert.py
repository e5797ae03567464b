"""The alert's message and point."""

import pytest

from api.alert import plain


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.31, "0.31"),
        (301.0, "301"),
        (6.44e-06, "0.00000644"),
        (87_012.55, "87012.55"),
        (1e22, "10000000000000000000000"),
        (5e-324, "0." + "0" * 323 + "5"),
        (123_456_789.123_456_78, "123456789.12345678"),
    ],
)
def test_a_price_has_all_its_digits_and_no_exponent(number: float, text: str) -> None:
    assert plain(number) == text
    assert float(text) == number
