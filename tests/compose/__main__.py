"""`python -m tests.compose`: builds the image, runs the stack on the simulator in real containers, looks, removes.

Exit 0: all that is looked for was seen. Exit 1: something was not, or it can't run here; the last line says which.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import requests

from tests.compose import stand_ins
from tests.compose.docker import Missing, Project, has_image, require_engine
from tests.eventually import eventually

GRAFANA = "grafana/grafana:12.2.0"
OURS = ("collector", "api")
WITHOUT_GRAFANA = ("influxdb", "setup", *OURS, "simulator")
RULES = "/etc/coinwatch/alerts.toml"
PORTS = ("COINWATCH_API_PORT", "COINWATCH_INFLUX_PORT", "GRAFANA_PORT")
FIRST_BOARD_WITHIN_S = 180
SECOND_BOARD_WITHIN_S = 120  # a standard deviation takes two points


def free_ports() -> dict[str, int]:
    """A free port for each that the compose file publishes."""
    holders = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = {name: holder.getsockname()[1] for name, holder in zip(PORTS, holders, strict=True)}
    for holder in holders:
        holder.close()
    return ports


class Stack:
    """The running stack and what is looked for in it; each method's docstring is a sentence about the stack."""

    def __init__(self, project: Project, api: str) -> None:
        self.project, self.api = project, api

    def get(self, path: str) -> requests.Response:
        return requests.get(f"{self.api}{path}", timeout=30)

    def answers(self, path: str, within_s: float) -> dict[str, object]:
        def look() -> dict[str, object] | None:
            try:
                response = self.get(path)
            except requests.ConnectionError:
                return None
            return dict(response.json()) if response.ok else None

        return eventually(look, f"GET {path} answers", within_s, every_s=1) or {}

    def setup_has_ended_well(self) -> None:
        """setup has run once and ended with 0"""
        state = self.project.inspect("setup")["State"]
        assert (state["Status"], state["ExitCode"]) == ("exited", 0), state

    def quotes_arrive(self) -> None:
        """the API answers with a pair's price, its rank and the page"""
        assert float(str(self.answers("/metrics/btcusd", FIRST_BOARD_WITHIN_S)["price"])) > 0
        assert int(str(self.answers("/rank/dogeusd", SECOND_BOARD_WITHIN_S)["rank"])) >= 1
        assert "coinwatch" in self.get("/").text

    def nobody_is_root(self) -> None:
        """collector, API and database run as user 1000 on a read-only root"""
        for service in (*OURS, "influxdb"):
            assert self.project.run_in(service, "id", "-u") == "1000", service
            assert self.project.inspect(service)["HostConfig"]["ReadonlyRootfs"], service
            written = self.project.run_in(service, "sh", "-c", "touch /etc/here && echo written; true")
            assert written == "", service

    def tokens_are_apart(self) -> None:
        """each container has its own tokens only, readable by its user only"""
        expected = {"collector": ["600 collector"], "api": ["600 api", "600 hook", "600 judge"]}
        for service, files in expected.items():
            listed = self.project.run_in(service, "sh", "-c", "stat --format '%a %n' $COINWATCH_HOME/tokens/*")
            assert sorted(line.replace("/var/lib/coinwatch/tokens/", "") for line in listed.splitlines()) == files

    def a_second_setup_changes_nothing(self) -> None:
        """setup run again says that there is nothing to change"""
        said = self.project.compose("run", "--rm", "--no-TTY", "setup", "python", "-m", "influx", "setup")
        assert "nothing to change" in said, said

    def the_read_token_works(self) -> None:
        """Flux runs by the read-only token in the setup container"""
        flux = 'from(bucket: "quotes") |> range(start: -10m) |> limit(n: 1) |> keep(columns: ["pair"])'
        command = f"echo '{flux}' | python -m influx query -"
        assert "usd" in self.project.compose("run", "--rm", "--no-TTY", "setup", "sh", "-c", command)

    def a_spike_is_alerted(self) -> None:
        """a price that spikes at an exchange is one line in the API's log, brought by the database's notification"""
        spike = {"exchange": "kraken", "pair": "dogeusd", "metric": "price", "factor": 4, "polls": 1}
        post = f"from requests import post; post('http://127.0.0.1:8900/_sim/spike', json={spike}).raise_for_status()"
        self.project.run_in("collector", "python", "-c", post)
        line = re.compile(r"Alert \d+\.\d+ dogeusd")
        eventually(lambda: line.search(self.project.compose("logs", "api")), "an alert is logged", 180, every_s=1)
        assert len(line.findall(self.project.compose("logs", "api"))) == 1

    def edited_rules_come_into_force(self) -> None:
        """alert rules that were edited come into force when setup is started again"""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "alerts.toml")
            self.project.compose("cp", f"setup:{RULES}", str(file))
            file.write_text(file.read_text().replace("factor = 3\n", "factor = 4\n"))
            self.project.compose("cp", str(file), f"setup:{RULES}")
        self.project.compose("start", "setup")
        eventually(self.has_edited_rules, "the API has them", 60, every_s=1)
        assert "updated task" in self.project.compose("logs", "setup")

    def has_edited_rules(self) -> bool:
        return "factor = 4" in self.project.run_in("api", "cat", "/var/lib/coinwatch/alerts.in-force.toml")

    def killed_services_come_back(self) -> None:
        """database, collector and API killed with -9 come back by themselves and answer"""
        for service in ("influxdb", *OURS):
            self.project.run_in(service, "sh", "-c", "kill -9 $(cat /proc/1/task/1/children)", check=False)
        for service in ("influxdb", *OURS):
            eventually(partial(self.restarted, service), f"{service} is restarted", 60, every_s=1)
        self.answers("/metrics/btcusd", FIRST_BOARD_WITHIN_S)

    def restarted(self, service: str) -> bool:
        container = self.project.inspect(service)
        return int(container["RestartCount"]) > 0 and str(container["State"]["Health"]["Status"]) == "healthy"

    def looked_for(self) -> list[Callable[[], None]]:
        return [
            self.setup_has_ended_well,
            self.quotes_arrive,
            self.nobody_is_root,
            self.tokens_are_apart,
            self.a_second_setup_changes_nothing,
            self.the_read_token_works,
            self.a_spike_is_alerted,
            self.edited_rules_come_into_force,
            self.killed_services_come_back,
        ]


def run(stack: Stack, services: tuple[str, ...]) -> None:
    """Starts these services (none named: all), looks, and removes them whatever was seen."""
    try:
        print("building and starting ...", flush=True)
        stack.project.compose("up", "--build", "--detach", "--wait", *services)
        for look in stack.looked_for():
            try:
                look()
            except AssertionError as error:
                raise AssertionError(f"{look.__doc__}; {error}") from error
            print(f"seen: {look.__doc__}", flush=True)
    except BaseException:
        print(stack.project.compose("ps", "--all", check=False), file=sys.stderr)
        print(stack.project.compose("logs", "--tail", "40", check=False), file=sys.stderr)
        raise
    finally:
        stack.project.compose("down", "--volumes", "--remove-orphans", check=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.compose", description="Runs the stack in real containers.")
    parser.add_argument("--stand-ins", action="store_true", help="make the base images that can't be pulled")
    chosen = parser.parse_args()
    try:
        require_engine()
        wanting = [image for image in (stand_ins.PYTHON, stand_ins.INFLUXDB) if not has_image(image)]
        if wanting and chosen.stand_ins:
            print(f"making stand-ins for {' and '.join(wanting)} ...", flush=True)
            stand_ins.make()
        elif wanting:
            raise Missing(f"{' and '.join(wanting)} can't be pulled; `make compose-test STAND_INS=1` makes stand-ins")
        ports = free_ports()
        stack = Stack(
            Project(f"coinwatch-test-{os.getpid()}", ports), f"http://127.0.0.1:{ports['COINWATCH_API_PORT']}"
        )
        whole = has_image(GRAFANA)
        if not whole:
            print(f"{GRAFANA} can't be pulled: Grafana is left out", flush=True)
        run(stack, () if whole else WITHOUT_GRAFANA)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{error}\n{error.stdout}\n{error.stderr}", file=sys.stderr)
        return 1
    except AssertionError as error:
        print(f"not seen: {error}", file=sys.stderr)
        return 1
    print("all seen")
    return 0


if __name__ == "__main__":
    sys.exit(main())
