"""A simulator of the test's own."""

import pytest

from tests.exchange_simulator_tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """One of 130 pairs an exchange."""
    return Stage(pairs=130, seed=1)
