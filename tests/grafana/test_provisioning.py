"""What Grafana is handed at its start fits the dashboards and the database."""

from pathlib import Path
from typing import Any

import yaml

from grafana.panels import SOURCE
from influx import schema, tokens
from influx.settings import variables

PROVISIONING = Path(__file__).parents[2] / "grafana" / "provisioning"


def data_source() -> dict[str, Any]:
    (source,) = yaml.safe_load((PROVISIONING / "datasources" / "influxdb.yaml").read_text())["datasources"]
    return dict(source)


def test_the_data_source_is_the_one_that_the_dashboards_ask() -> None:
    assert {"type": data_source()["type"], "uid": data_source()["uid"]} == SOURCE


def test_the_data_source_speaks_flux_to_the_database_of_the_settings() -> None:
    known = {variable.name for variable in variables()}
    source = data_source()
    assert source["jsonData"]["version"] == "Flux"
    assert source["jsonData"]["defaultBucket"] in {bucket.name for bucket in schema.BUCKETS}
    for text in (source["url"], source["jsonData"]["organization"]):
        assert text.removeprefix("$__env{").removesuffix("}") in known


def test_the_token_comes_from_the_file_of_grafanas_own_role() -> None:
    assert data_source()["secureJsonData"] == {"token": f"$__file{{/run/coinwatch/tokens/{tokens.GRAFANA.name}}}"}
