"""No tracked file names a place of the machine it was written on, or a package registry's address."""

import subprocess

import pytest

from docs.pages import ROOT

# Put together here, so that this file does not hold them itself.
PLACES = ["/" + name + "/" for name in ("work", "root", "tmp/bash_jobs")]
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("proxy", "golang"),
        ("sum", "golang"),
        ("crates", "io"),
        ("deb", "debian"),
    )
]


@pytest.mark.parametrize("text", [*PLACES, *REGISTRIES])
def test_no_tracked_file_holds(text: str) -> None:
    found = subprocess.run(
        ["git", "grep", "--fixed-strings", "--line-number", "-I", text],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1, found.stdout or found.stderr
