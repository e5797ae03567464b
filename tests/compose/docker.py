"""The docker command as the compose test uses it."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OLDEST_COMPOSE = (2, 24)  # env_file with `required`
COMPOSE_FILES = ("docker-compose.yml", "tests/compose/simulated.yml")


class Missing(Exception):
    """The test can't run here; the message says in one sentence what is missing."""


def docker(*arguments: str, check: bool = True, env: Mapping[str, str] | None = None) -> str:
    """What a docker command prints. CalledProcessError: it failed, and `check`."""
    done = subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, cwd=ROOT, check=False, env={**os.environ, **(env or {})}
    )
    if check and done.returncode != 0:
        raise subprocess.CalledProcessError(done.returncode, ["docker", *arguments], done.stdout, done.stderr)
    return done.stdout.strip()


def succeeds(*arguments: str) -> bool:
    """Whether a docker command exits with 0."""
    return subprocess.run(["docker", *arguments], capture_output=True, cwd=ROOT, check=False).returncode == 0


def require_engine() -> None:
    """Missing: no docker, no engine that answers, or no compose that is new enough."""
    if shutil.which("docker") is None:
        raise Missing("docker is missing: https://docs.docker.com/engine/install says how to get it")
    if not succeeds("info"):
        raise Missing("no Docker engine answers: start it, or see whether `docker info` needs more rights")
    version = docker("compose", "version", "--short", check=False).removeprefix("v")
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < OLDEST_COMPOSE:
        wanted = ".".join(map(str, OLDEST_COMPOSE))
        raise Missing(
            f"Docker Compose {wanted} or newer is missing, `docker compose version` says {version or 'nothing'}"
        )


def has_image(image: str) -> bool:
    """Whether an image is here or can be pulled."""
    return succeeds("image", "inspect", image) or succeeds("pull", "--quiet", image)


class Project:
    """One run of our compose files under a name and with ports of its own."""

    def __init__(self, name: str, ports: Mapping[str, int]) -> None:
        self.name = name
        self.env = {variable: str(port) for variable, port in ports.items()}
        if not succeeds("buildx", "version"):
            self.env["DOCKER_BUILDKIT"] = "0"

    def compose(self, *arguments: str, check: bool = True) -> str:
        """What a `docker compose` command of this project prints."""
        files = [part for file in COMPOSE_FILES for part in ("--file", file)]
        return docker("compose", "--project-name", self.name, *files, *arguments, check=check, env=self.env)

    def run_in(self, service: str, *command: str, check: bool = True) -> str:
        """What a command prints in a service's running container."""
        return self.compose("exec", "--no-TTY", service, *command, check=check)

    def inspect(self, service: str) -> dict[str, Any]:
        """The engine's record of a service's container."""
        (container,) = json.loads(docker("inspect", self.compose("ps", "--all", "--quiet", service)))
        return dict(container)
