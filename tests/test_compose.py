"""docker-compose.yml and Dockerfile against the code: names, ports, paths and commands that both sides must mean alike.

`make compose-test` runs them in real containers.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from api.app import ENDPOINTS
from influx import handout, server, server_process, tokens
from influx.settings import Settings, read_settings
from influx.template import manifest

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == COMPOSE["name"]}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COPIED = re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$", DOCKERFILE, re.MULTILINE)
HOME = re.findall(r"COINWATCH_HOME=(\S+)", DOCKERFILE)[0]
DEFAULTS = Settings()


def mounts(service: str) -> dict[str, str]:
    """Where each volume or folder stands in a service's container."""
    parts = (volume.split(":") for volume in SERVICES[service]["volumes"])
    return {part[1]: part[0] for part in parts}


def published(service: str) -> tuple[str, int, int]:
    """The variable, its default and the container's port of a service's one published port."""
    (port,) = SERVICES[service]["ports"]
    match = re.search(r"\$\{(\w+):-(\d+)\}:(\d+)$", port)
    assert match, port
    return match[1], int(match[2]), int(match[3])


def probed(service: str) -> str:
    """The address that a service's health check asks."""
    (address,) = re.findall(r"http://[^'\"]+", " ".join(SERVICES[service]["healthcheck"]["test"]))
    return str(address).split("'")[0]


def modules(service: str) -> list[list[str]]:
    """The `python -m` commands of a service, each as its module and arguments."""
    text = " ".join(SERVICES[service]["command"])
    return [found.split() for found in re.findall(r"python -m ([\w. /]+)", text)]


def test_the_services_are_the_database_its_setup_the_collector_the_api_and_grafana() -> None:
    assert set(SERVICES) == {"influxdb", "setup", "collector", "api", "grafana"}
    assert set(OURS) == {"setup", "collector", "api"}


@pytest.mark.parametrize("service", OURS)
def test_the_variables_of_a_service_are_settings_with_accepted_values(service: str) -> None:
    settings = read_settings(SERVICES[service]["environment"])
    assert str(settings.home) == HOME
    database = urlsplit(settings.url)
    assert database.hostname in SERVICES
    assert database.port == urlsplit(probed("influxdb")).port


def test_the_database_is_the_version_that_we_build_and_runs_with_the_same_limits() -> None:
    assert SERVICES["influxdb"]["image"] == f"influxdb:{server.version()}"
    command = [flag.removeprefix("--") for flag in server_process.command(Path(), DEFAULTS)[1:]]
    flags = {name: value or "true" for name, _, value in (flag.partition("=") for flag in command)}
    environment = dict(SERVICES["influxdb"]["environment"])
    assert environment.pop("GOGC") == server_process.environment()["GOGC"]
    for name, value in environment.items():
        flag = name.removeprefix("INFLUXD_").lower().replace("_", "-")
        assert flags.get(flag) == value, name
    assert "INFLUXD_PPROF_DISABLED" in environment


def test_ports_are_the_settings_and_default_to_theirs() -> None:
    assert published("api") == ("COINWATCH_API_PORT", DEFAULTS.api_port, urlsplit(probed("api")).port)
    assert published("influxdb") == (
        "COINWATCH_INFLUX_PORT",
        DEFAULTS.influx_port,
        urlsplit(probed("influxdb")).port,
    )
    assert read_settings(SERVICES["api"]["environment"]).api_port == urlsplit(probed("api")).port
    assert read_settings(SERVICES["collector"]["environment"]).telemetry_port == urlsplit(probed("collector")).port


@pytest.mark.parametrize("service", [name for name, service in SERVICES.items() if "ports" in service])
def test_a_port_is_published_on_this_machine_only_unless_a_variable_says_otherwise(service: str) -> None:
    (port,) = SERVICES[service]["ports"]
    assert re.match(r"127\.0\.0\.1:|\$\{\w+:-127\.0\.0\.1\}:", port)


def test_the_apis_health_check_asks_a_path_that_it_serves() -> None:
    assert urlsplit(probed("api")).path in {endpoint.path for endpoint in ENDPOINTS}


@pytest.mark.parametrize("service", OURS)
def test_a_services_commands_exist(service: str) -> None:
    assert modules(service)
    for module, *arguments in modules(service):
        named = [argument for argument in arguments if not argument.startswith("/")]
        subprocess.run([sys.executable, "-m", module, *named, "--help"], cwd=ROOT, check=True, capture_output=True)
        assert any(module.split(".")[0] == copied for copied in COPIED), f"the image has no {module}"


def test_what_the_image_copies_exists_and_reaches_the_engine() -> None:
    let_through = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    assert set(COPIED) == let_through
    for path in COPIED:
        assert (ROOT / path).exists(), path


def test_every_package_of_ours_that_a_command_imports_is_in_the_image() -> None:
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    for package in ("api", "collector", "influx"):
        for file in (ROOT / package).rglob("*.py"):
            assert imported(file) & ours <= set(COPIED), file


def imported(file: Path) -> set[str]:
    """The top-level packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_image_builds_without_buildkit_and_takes_locked_packages_only() -> None:
    assert not re.search(r"^# syntax=|RUN --mount|COPY --link|<<EOF", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes -r /requirements.txt" in DOCKERFILE


def test_setup_hands_each_service_the_tokens_into_its_own_home() -> None:
    handed = mounts("setup")
    (folder,) = (arguments[0] for module, *arguments in modules("setup") if module == "influx.handout")
    for service in handout.NEEDS:
        volume = handed[f"{folder}/{service}"]
        target = HOME if service in OURS else "/run/coinwatch"
        assert mounts(service)[target] == volume
        assert f"{folder}/{service}" in DOCKERFILE, "a new volume would belong to root"
    assert handed[HOME] not in {volume for name in ("collector", "api", "grafana") for volume in mounts(name).values()}


def test_setup_and_api_mean_the_same_rules_and_only_setup_may_write_them() -> None:
    file = Path(SERVICES["setup"]["environment"]["COINWATCH_RULES"])
    assert SERVICES["api"]["environment"]["COINWATCH_RULES"] == str(file)
    assert mounts("setup")[str(file.parent)] == mounts("api")[str(file.parent)]
    assert f"{mounts('api')[str(file.parent)]}:{file.parent}:ro" in SERVICES["api"]["volumes"]
    assert f" {file.parent} " in DOCKERFILE, "a new volume would belong to root"


def test_the_database_posts_its_notifications_to_the_api() -> None:
    settings = read_settings(SERVICES["setup"]["environment"])
    (by_default,) = (resource["spec"]["url"] for resource in manifest(DEFAULTS) if "url" in resource["spec"])
    hook = urlsplit(settings.hook_url)
    assert hook.path == urlsplit(by_default).path
    assert hook.hostname == "api"
    assert hook.port == read_settings(SERVICES["api"]["environment"]).api_port


def test_the_api_looks_for_the_collectors_telemetry_where_it_is() -> None:
    api = read_settings(SERVICES["api"]["environment"])
    collector = read_settings(SERVICES["collector"]["environment"])
    assert (api.collector_host, api.telemetry_port) == ("collector", collector.telemetry_port)


def test_no_secret_stands_in_the_file() -> None:
    for name, service in SERVICES.items():
        for variable in service.get("environment", {}):
            secret = re.search("TOKEN|PASSWORD|SECRET", variable)
            assert not secret or variable.endswith("_FILE"), f"{name}: {variable}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_has_no_more_rights_than_it_needs_and_comes_back_by_itself(service: str) -> None:
    contained = SERVICES[service]
    assert contained["read_only"] is True
    assert contained["cap_drop"] == ["ALL"]
    assert contained["restart"] in ("unless-stopped", "on-failure:5")
    assert "user" in contained or re.search(r"^USER (?!root|0)", DOCKERFILE, re.MULTILINE)
    assert "healthcheck" in contained or service == "setup"


@pytest.mark.parametrize("service", ["collector", "api", "grafana"])
def test_a_service_starts_once_setup_is_done(service: str) -> None:
    assert SERVICES[service]["depends_on"]["setup"] == {"condition": "service_completed_successfully"}


def test_grafana_finds_its_token_its_password_and_the_dashboards() -> None:
    source = yaml.safe_load((ROOT / "grafana/provisioning/datasources/influxdb.yaml").read_text())["datasources"][0]
    token = source["secureJsonData"]["token"].removeprefix("$__file{").removesuffix("}")
    token_home = next(target for target, volume in mounts("grafana").items() if volume == "grafana-tokens")
    assert token == f"{token_home}/tokens/{tokens.GRAFANA.name}"
    environment = SERVICES["grafana"]["environment"]
    assert environment["GF_SECURITY_ADMIN_PASSWORD__FILE"] == f"{token_home}/tokens/{handout.ADMIN}"
    provider = yaml.safe_load((ROOT / "grafana/provisioning/dashboards/coinwatch.yaml").read_text())["providers"][0]
    folder = mounts("grafana")[provider["options"]["path"]]
    shown = Path(environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert str(shown.parent) == provider["options"]["path"]
    assert (ROOT / folder / shown.name).exists()
    assert (ROOT / mounts("grafana")["/etc/grafana/provisioning"]).is_dir()


@pytest.mark.parametrize("service", SERVICES)
def test_every_volume_is_declared_or_a_folder_of_the_repository(service: str) -> None:
    for source in mounts(service).values():
        assert source in COMPOSE["volumes"] or (ROOT / source).is_dir(), source


def test_the_simulators_overlay_changes_services_that_there_are() -> None:
    overlay = yaml.safe_load((ROOT / "tests/compose/simulated.yml").read_text())["services"]
    assert overlay["simulator"]["network_mode"] == "service:collector"
    assert set(overlay) - {"simulator"} <= set(SERVICES)
    assert read_settings(overlay["collector"]["environment"]).simulate
    assert str(DEFAULTS.simulator_port) in " ".join(overlay["simulator"]["healthcheck"]["test"])
