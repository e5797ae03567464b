"""Answers that are kept, and made once."""

import asyncio

import pytest

from api.encoded import Encoded
from api.kept import OF_ANY_BOARD, Entry, Kept, Key
from api.problems import Away


def key(name: str) -> Key:
    return name.encode(), b"", False


def entry(body: bytes = b"x", version: int = 1, until_s: float = 100.0) -> Entry:
    return Entry(Encoded(body, b"text/plain"), version, until_s, "/x")


def test_an_answer_holds_until_its_board_or_its_time_is_over() -> None:
    kept = Kept()
    kept.keep(key("board"), entry(version=1))
    kept.keep(key("any"), entry(version=OF_ANY_BOARD))
    assert kept.find(key("board"), 1, 99.9)
    assert kept.find(key("any"), 2, 99.9)
    assert not kept.find(key("board"), 2, 99.9)
    assert not kept.find(key("board"), 1, 100.0)
    assert not kept.find(key("other"), 1, 0)


def test_what_was_unused_for_longest_makes_room() -> None:
    kept = Kept(most_bytes=10)
    kept.keep(key("a"), entry(b"12345"))
    kept.keep(key("b"), entry(b"12345"))
    assert kept.find(key("a"), 1, 0)
    kept.keep(key("c"), entry(b"12345"))
    assert [bool(kept.find(key(name), 1, 0)) for name in "abc"] == [True, False, True]


def test_an_answer_that_comes_again_takes_its_own_place() -> None:
    kept = Kept(most_bytes=10)
    for _ in range(5):
        kept.keep(key("a"), entry(b"12345"))
    kept.keep(key("b"), entry(b"12345"))
    assert kept.find(key("a"), 1, 0)


def test_those_who_ask_together_are_given_one_answer() -> None:
    made = []

    async def ask_together() -> list[Encoded]:
        kept, go = Kept(), asyncio.Event()

        async def make() -> Encoded:
            await go.wait()
            made.append(Encoded(b"x", b"text/plain"))
            return made[-1]

        asking = [asyncio.create_task(kept.once(key("a"), 1, make)) for _ in range(50)]
        await asyncio.sleep(0)
        go.set()
        answers = list(await asyncio.gather(*asking))
        await kept.once(key("a"), 1, make)
        return answers

    answers = asyncio.run(ask_together())
    assert len(made) == 2
    assert all(answer is made[0] for answer in answers)


def test_a_failure_is_everybodys_and_is_not_kept() -> None:
    async def ask_together() -> list[Encoded | BaseException]:
        kept = Kept()

        async def make() -> Encoded:
            raise Away("gone")

        asking = [kept.once(key("a"), 1, make) for _ in range(3)]
        return list(await asyncio.gather(*asking, return_exceptions=True))

    assert [type(answer) for answer in asyncio.run(ask_together())] == [Away] * 3


def test_one_who_goes_takes_the_answer_from_nobody() -> None:
    async def one_goes() -> Encoded:
        kept, go = Kept(), asyncio.Event()

        async def make() -> Encoded:
            await go.wait()
            return Encoded(b"x", b"text/plain")

        first, second = (asyncio.create_task(kept.once(key("a"), 1, make)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await second

    assert asyncio.run(one_goes()).plain.body == b"x"
