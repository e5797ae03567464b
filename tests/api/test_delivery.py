"""Delivery: every message is sent once or reported, through mail servers and webhooks that refuse, fail and hang."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import outbox
from api.alert import NS, Alert
from api.alert_file import AlertFile
from api.delivery import Channel, start
from api.journal import Journal
from api.message import Message
from api.outbox import GATHER_S, GIVEN_UP_S, Outbox
from influx.settings import Secret, Settings
from tests.api import mail_server
from tests.api.webhook import Hook, webhook
from tests.eventually import eventually

ALERT = Alert("kraken", "dogeusd", "price", "price_3x", 1_795_509_180 * NS, 4.0, 4.0, 1.0, 4.0, False)


class Post:
    """A home whose messages go to one channel, at a time that the test sets."""

    def __init__(self, home: Path, url: str) -> None:
        self.settings = Settings(home=home, channels=Secret(f"ops={url}"), public_url="http://coins.example")
        self.outbox = Outbox(self.settings)
        self.now_s = 1_795_509_180.0
        self.channel = Channel("ops", Secret(url), self.settings, lambda: self.now_s)

    def put(self, *titles: str, alert: Alert | None = None) -> None:
        """Queues messages."""
        with AlertFile(self.settings, outbox.SHAPE).change() as change:
            for title in titles:
                outbox.put(change, ["ops"], Message(title, f"text of {title}", "http://link", alert), self.now_s)

    def later(self, seconds: float = GATHER_S) -> None:
        """Lets time pass and the channel look."""
        self.now_s += seconds
        self.channel.look()

    @property
    def waiting(self) -> int:
        """How many messages wait."""
        return len(self.outbox.due("ops", self.now_s * 2))


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as hook:
        yield hook


@pytest.fixture
def post(tmp_path: Path, hook: Hook) -> Post:
    return Post(tmp_path, f"json://127.0.0.1:{hook.port}/?rto=0.3")


def titles(hook: Hook) -> list[str]:
    return [posted.title for posted in hook.came]


def test_a_message_is_sent_once_after_it_has_waited_for_others(post: Post, hook: Hook) -> None:
    post.put("one")
    post.later(GATHER_S - 1)
    assert titles(hook) == []
    post.later(1)
    post.later(3600)
    assert titles(hook) == ["one"]
    assert hook.came[0].message == "text of one\nhttp://link"


def test_the_message_says_how_many_other_exchanges_show_the_same(post: Post, hook: Hook) -> None:
    for exchange in ("kraken", "okx", "bybit"):
        Journal(post.settings).remember([("price_3x", exchange, "dogeusd", "price", ALERT.time_ns)])
    post.put("one", alert=ALERT)
    post.later()
    assert "2 other exchanges show it too" in hook.came[0].message


def test_many_at_once_come_as_one_digest_that_leads_with_the_largest(post: Post, hook: Hook) -> None:
    post.put(*(f"small {number}" for number in range(30)))
    post.put("large", alert=ALERT)
    post.later()
    assert titles(hook) == ["31 messages at once"]
    lines = hook.came[0].message.splitlines()
    assert lines[0] == "large: text of large"
    assert lines[-2:] == ["and 11 more", "http://coins.example"]
    assert post.waiting == 0


def test_what_a_failing_channel_does_not_take_is_tried_again_and_sent_once(post: Post, hook: Hook) -> None:
    hook.status = 500
    post.put("one")
    post.later()
    for _ in range(100):
        post.later(60)
    tries = hook.tries
    assert 10 < tries < 40  # later each time, five minutes at most
    hook.status = 200
    post.later(300)
    post.later(300)
    assert (titles(hook), post.waiting) == (["one"], 0)


def test_what_can_not_be_delivered_within_a_day_is_reported(
    post: Post, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    hook.status = 500
    post.put("one")
    post.later()
    post.later(GIVEN_UP_S - 60)
    assert post.waiting == 1
    post.later(600)
    assert post.waiting == 0
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "channel ops: undeliverable after a day: one"
    ]


def test_a_channel_that_is_down_is_told_of_twice_and_its_secret_never(
    post: Post, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "coinwatch.delivery")
    hook.status = 500
    post.put("one")
    for _ in range(3):
        post.later(600)
    hook.status = 200
    post.later(600)
    told = [record.getMessage() for record in caplog.records if record.name == "coinwatch.delivery"]
    assert told == [
        "channel ops: no delivery since 08:43:00 (not accepted); messages wait",
        "channel ops: delivery again after 30 min; 3 tries missed",
        "channel ops: sent: one",
    ]


def test_a_channel_that_hangs_delays_no_other(tmp_path: Path, hook: Hook) -> None:
    hook.status = 0
    with webhook() as other:
        urls = f"hangs=json://127.0.0.1:{hook.port}/?rto=30 works=json://127.0.0.1:{other.port}/"
        settings = Settings(home=tmp_path, channels=Secret(urls))
        with AlertFile(settings, outbox.SHAPE).change() as change:
            outbox.put(change, ["hangs", "works"], Message("one", "text"), 0.0)
        channels = start(settings)
        eventually(lambda: hook.tries and titles(other), "the other channel's message")
        for channel in channels:
            channel.stop()
        hook.over.set()
        for channel in channels:
            channel.join()


def test_what_waits_outlives_the_process(post: Post, hook: Hook) -> None:
    post.put("one")
    again = Post(post.settings.home, f"json://127.0.0.1:{hook.port}/")
    again.later()
    assert titles(hook) == ["one"]


def test_messages_for_a_channel_that_is_gone_are_reported(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.put("one")
    assert start(Settings(home=post.settings.home)) == []
    assert "channel ops is no longer set, and messages wait for it" in caplog.text


def test_a_url_that_is_none_is_reported_without_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Post(tmp_path, "nonsense://secret")
    (told,) = [record.getMessage() for record in caplog.records if record.name == "coinwatch.delivery"]
    assert told == "channel ops: its URL is none that Apprise knows; messages for it wait"


def test_mail_that_a_server_refuses_for_an_hour_comes_once(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    refuse = folder / mail_server.REFUSE
    refuse.touch()
    with mail_server.running(folder) as port:
        post = Post(tmp_path, f"mailto://127.0.0.1:{port}?from=coins@example.com&to=desk@example.com&mode=insecure")
        post.put("one")
        for _ in range(2):  # Apprise itself waits 5 s between mails
            post.later(1800)
        assert mail_server.mails(folder) == []
        refuse.unlink()
        for _ in range(2):
            post.later(300)
        ((subject, text),) = mail_server.mails(folder)
    assert subject == "one"
    assert "text of one" in text
