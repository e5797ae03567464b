"""Where the compose test can't run, it says in one sentence what is missing."""

import os
import subprocess
import sys

from tests.compose.docker import ROOT


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.compose"]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_without_docker_it_says_so_and_how_to_get_it() -> None:
    done = run(PATH="/nowhere")
    assert done.returncode == 1
    assert done.stderr == "docker is missing: https://docs.docker.com/engine/install says how to get it\n"
