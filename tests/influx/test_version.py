"""The version is read from the changelog."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.__main__ import main as api
from collector.__main__ import main as collector
from influx.__main__ import main as influx
from influx.version import CHANGELOG, NoVersion, newest, version

UNRELEASED_FIRST = """# Changelog

## [Unreleased]

- The number 9.9.9 in a text is no release.

## [1.12.0] - 2027-01-31

## [1.2.0] - 2026-12-01
"""


def test_the_version_is_the_newest_release_of_the_changelog(tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(UNRELEASED_FIRST)
    assert newest(changelog) == "1.12.0"


def test_the_projects_own_changelog_has_a_release() -> None:
    assert f"## [{version()}] - " in CHANGELOG.read_text()


@pytest.mark.parametrize("text", ["# Changelog\n\n## [Unreleased]\n", "## 1.0\n"])
def test_a_changelog_without_a_release_is_named(tmp_path: Path, text: str) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(text)
    with pytest.raises(NoVersion, match=r"CHANGELOG\.md holds no heading such as"):
        newest(changelog)


def test_a_missing_changelog_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoVersion, match=r"CHANGELOG\.md"):
        newest(tmp_path / "CHANGELOG.md")


@pytest.mark.parametrize("main", [api, collector, influx], ids=["api", "collector", "influx"])
def test_every_command_says_its_version(
    main: Callable[[], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["python -m it", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().out) == (0, f"{version()}\n")
