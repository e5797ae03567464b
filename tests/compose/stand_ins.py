"""Stand-ins for the base images, for a machine that can pull none: Debian by mmdebstrap, and our own influxd in it.

The stand-in for Python is Debian's Python 3.11; the one for InfluxDB has influxd, curl and the user 1000 in the places
of the official image, but not its entry script.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from influx import server
from tests.compose.docker import Missing, docker

PYTHON = "python:3.11-slim"
INFLUXDB = f"influxdb:{server.version()}"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
DATA = "/var/lib/influxdb2"
PACKAGES = "ca-certificates,python3,python3-venv,curl"


def make() -> None:
    """Makes both images. Missing: mmdebstrap or the rights for it."""
    if shutil.which("mmdebstrap") is None or os.geteuid() != 0:
        raise Missing("stand-ins for the base images want mmdebstrap (apt-get install mmdebstrap) and root")
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree.tar")
        _debian(tree)
        # pip within a build trusts what this machine trusts.
        docker("import", "--change", f"ENV PIP_CERT={CERTIFICATES}", str(tree), PYTHON)
        changes = [
            "USER 1000:1000",
            f"ENV INFLUXD_BOLT_PATH={DATA}/influxd.bolt",
            f"ENV INFLUXD_SQLITE_PATH={DATA}/influxd.sqlite",
            f"ENV INFLUXD_ENGINE_PATH={DATA}/engine",
            'ENTRYPOINT ["influxd"]',
        ]
        docker("import", *(part for change in changes for part in ("--change", change)), str(tree), INFLUXDB)


def _debian(tree: Path) -> None:
    influxd = server.find_or_build(print)
    hooks = [
        f"copy-in {CERTIFICATES} /etc/ssl/certs",
        f"copy-in {influxd} /usr/bin",
        'ln -s /usr/bin/python3 "$1/usr/local/bin/python"',
        f'for folder in {DATA} /etc/influxdb2; do mkdir -p "$1$folder" && chown 1000:1000 "$1$folder"; done',
    ]
    command = ["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}"]
    command += [f"--customize-hook={hook}" for hook in hooks]
    subprocess.run([*command, "bookworm", str(tree)], check=True, capture_output=True)
