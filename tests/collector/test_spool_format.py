"""The named damages of a segment, each with the batches that must survive it."""

import logging
from pathlib import Path

import pytest

from collector import packing
from collector.spool import Spool
from collector.spool_format import HEAD_SIZE, STATE_AT, Damage, pack, scan

MB = 2**20
BATCHES = [b"one,t=a v=1 1000\none,t=b v=2 2000\n", b"two v=2 3000\n", b"three v=3 4000\n"]
FRAMES = [pack(lines, "quotes", now_ns=5) for lines in BATCHES]
ENDS = [len(b"".join(FRAMES[: count + 1])) for count in range(3)]
WHOLE = b"".join(FRAMES)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


# name: the damage, which batches survive, whether the file is set aside
DAMAGES: dict[str, tuple[bytes, list[int], bool]] = {
    "none": (WHOLE, [0, 1, 2], False),
    "empty_segment": (b"", [], False),
    "torn_last_record": (WHOLE[:-1], [0, 1], False),
    "torn_at_the_body": (WHOLE[: ENDS[1] + HEAD_SIZE], [0, 1], False),
    "torn_header": (WHOLE[: ENDS[1] + HEAD_SIZE - 1], [0, 1], False),
    "torn_after_one_byte": (WHOLE[: ENDS[1] + 1], [0, 1], False),
    "torn_first_record": (WHOLE[: ENDS[0] - 1], [], False),
    "zeros_at_the_end": (WHOLE[: ENDS[1]] + bytes(4096), [0, 1], False),
    "bad_checksum": (flipped(WHOLE, ENDS[0] + HEAD_SIZE + 3), [0, 2], True),
    "bad_checksum_of_the_last": (flipped(WHOLE, len(WHOLE) - 1), [0, 1], True),
    "bad_length": (flipped(WHOLE, ENDS[0] + STATE_AT + 4), [0, 2], True),
    "bad_length_of_the_last": (flipped(WHOLE, ENDS[1] + STATE_AT + 4), [0, 1], True),
    "bad_magic": (flipped(WHOLE, ENDS[0]), [0, 2], True),
    "bad_magic_of_the_first": (flipped(WHOLE, 0), [1, 2], True),
    "bad_bucket": (flipped(WHOLE, ENDS[0] + HEAD_SIZE - 10), [0, 2], True),
    "bad_header_checksum": (flipped(WHOLE, ENDS[0] + HEAD_SIZE - 1), [0, 2], True),
    "bad_state": (flipped(WHOLE, ENDS[0] + STATE_AT), [0, 1, 2], False),
    "record_cut_short_in_the_middle": (WHOLE[: ENDS[1] - 5] + WHOLE[ENDS[1] :], [0, 2], True),
    "rubbish_between": (WHOLE[: ENDS[0]] + b"CWr1 is no head" * 9 + WHOLE[ENDS[0] :], [0, 1, 2], True),
    "rubbish_at_the_end": (WHOLE + b"\xffrubbish" * 20, [0, 1, 2], True),
    "only_rubbish": (b"\xffrubbish" * 20, [], True),
}


def open_with(folder: Path, data: bytes) -> Spool:
    folder.mkdir()
    (folder / "000000000001.spool").write_bytes(data)
    return Spool(folder, MB)


def contents(spool: Spool) -> list[bytes]:
    return [packing.plain(spool.read(record) or b"") for record in spool.oldest(10_000)]


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_segment_gives_its_good_batches(name: str, tmp_path: Path) -> None:
    data, survivors, _ = DAMAGES[name]
    assert contents(open_with(tmp_path / "spool", data)) == [BATCHES[number] for number in survivors]


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_bytes_are_set_aside_and_a_torn_tail_is_not(name: str, tmp_path: Path) -> None:
    data, _, aside = DAMAGES[name]
    spool = open_with(tmp_path / "spool", data)
    spool.done(spool.oldest(10_000))
    kept = [path.name for path in tmp_path.glob("spool/quarantine/*")]
    assert kept == (["000000000001.spool"] if aside else [])
    assert not list(tmp_path.glob("spool/*.spool"))


@pytest.mark.parametrize("name", [name for name, (_, _, aside) in DAMAGES.items() if aside])
def test_a_damage_is_named_at_error(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    open_with(tmp_path / "spool", DAMAGES[name][0])
    (told,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert "000000000001.spool" in told
    assert "bytes: left out" in told


def test_a_torn_tail_is_cut_off_cleanly(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="coinwatch")
    open_with(tmp_path / "spool", DAMAGES["torn_last_record"][0])
    assert (tmp_path / "spool" / "000000000001.spool").read_bytes() == WHOLE[: ENDS[1]]
    assert f"{len(FRAMES[2]) - 1} bytes of an append that never returned are cut off" in caplog.text


def test_a_tail_that_an_older_segment_lacks_is_damage(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "000000000001.spool").write_bytes(WHOLE[:-1])
    (folder / "000000000002.spool").write_bytes(WHOLE)
    assert contents(Spool(folder, MB)) == [*BATCHES[:2], *BATCHES]
    assert "unfinished record" in caplog.text


def test_a_cut_anywhere_costs_only_what_is_behind_it() -> None:
    for size in range(len(WHOLE)):
        found = [one for one in scan(WHOLE[:size], 1) if not isinstance(one, Damage)]
        assert len(found) == sum(end <= size for end in ENDS)


def test_a_flipped_byte_anywhere_costs_one_batch_at_most() -> None:
    for at in range(len(WHOLE)):
        found = [one for one in scan(flipped(WHOLE, at), 1) if not isinstance(one, Damage)]
        assert len(found) >= 2


def test_a_record_that_is_done_is_not_read_again(tmp_path: Path) -> None:
    done = WHOLE[: ENDS[0] + STATE_AT] + b"done" + WHOLE[ENDS[0] + STATE_AT + 4 :]
    assert contents(open_with(tmp_path / "spool", done)) == [BATCHES[0], BATCHES[2]]


@pytest.mark.parametrize(
    ("lines", "bucket"),
    [
        (b"", "quotes"),
        (b"\n", "quotes"),
        (b"a v=1\n", "quotes"),
        (b"a v=1 1\nb v=1\n", "quotes"),
        (b"a v=1 1", "q" * 17),
    ],
)
def test_what_could_not_be_written_once_only_is_not_taken(lines: bytes, bucket: str) -> None:
    with pytest.raises(ValueError, match=r"line|bucket"):
        pack(lines, bucket, now_ns=1)


def test_a_head_says_what_is_in_the_record() -> None:
    ((record, done),) = [one for one in scan(FRAMES[0], 7) if not isinstance(one, Damage)]
    assert (record.segment, record.bucket, record.lines, record.appended_ns) == (7, "quotes", 2, 5)
    assert (record.first_ns, record.last_ns, done) == (1000, 2000, False)


def test_a_layout_of_another_version_is_kept_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = open_with(tmp_path / "spool", WHOLE.replace(b"CWr1", b"CWr2"))
    assert spool.waiting == 0
    assert list(tmp_path.glob("spool/quarantine/*.spool"))
    assert "bad head" in caplog.text
