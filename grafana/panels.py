"""What every dashboard is made of: panels with their defaults, laid out in rows, as Grafana's dashboard JSON.

The JSON model: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
"""

from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

QUERIES = Path(__file__).parent / "queries"
SOURCE = {"type": "influxdb", "uid": "coinwatch"}
WIDTH = 24  # Grafana's grid
SCHEMA_VERSION = 39  # of Grafana 11; newer ones migrate it by themselves when they load it


class Override(Struct):
    """What one column shows other than its panel: its title, unit, width or any other field option."""

    column: str
    properties: dict[str, Any]

    def json(self) -> dict[str, Any]:
        """As it stands in fieldConfig.overrides."""
        return {
            "matcher": {"id": "byName", "options": self.column},
            "properties": [{"id": name, "value": value} for name, value in self.properties.items()],
        }


class Panel(Struct, kw_only=True):
    """One panel, one query. `query` names a file of queries/; `defaults` are field options of all its columns."""

    kind: str
    title: str
    description: str
    unit: str
    query: str
    defaults: dict[str, Any] = {}
    overrides: list[Override] = []
    options: dict[str, Any] = {}

    def json(self, number: int, place: dict[str, int]) -> dict[str, Any]:
        """As it stands in the dashboard's panels."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": SOURCE,
            "gridPos": place,
            "interval": "1m",  # no window is shorter than the rows are apart
            "targets": [{"refId": "A", "datasource": SOURCE, "query": text(self.query)}],
            "fieldConfig": {
                "defaults": {"unit": self.unit, **self.defaults},
                "overrides": [override.json() for override in self.overrides],
            },
            "options": self.options,
        }


class Row(Struct):
    """Panels side by side, equally wide."""

    height: int
    panels: list[Panel]


class Variable(Struct, kw_only=True):
    """A choice at the top of the dashboard; `query` names a file of queries/ that yields its values."""

    name: str
    label: str
    description: str
    query: str
    several: bool
    default: str

    def json(self) -> dict[str, Any]:
        """As it stands in templating.list. All is the expression `.*`, so it also covers what is listed later."""
        chosen = {"text": "All", "value": "$__all"} if self.several else {"text": self.default, "value": self.default}
        return {
            "type": "query",
            "name": self.name,
            "label": self.label,
            "description": self.description,
            "datasource": SOURCE,
            "query": text(self.query),
            "refresh": 2,  # when the time range changes
            "sort": 1,
            "multi": self.several,
            "includeAll": self.several,
            "allValue": ".*" if self.several else None,
            "current": chosen,
        }


class Dashboard(Struct, kw_only=True):
    """A dashboard; `rows` stand in it from top to bottom."""

    uid: str
    title: str
    description: str
    variables: list[Variable]
    rows: list[Row]

    def json(self) -> dict[str, Any]:
        """The file that Grafana reads."""
        panels: list[dict[str, Any]] = []
        top = 0
        for row in self.rows:
            width = WIDTH // len(row.panels)
            for column, panel in enumerate(row.panels):
                place = {"x": column * width, "y": top, "w": width, "h": row.height}
                panels.append(panel.json(len(panels) + 1, place))
            top += row.height
        built: dict[str, Any] = to_builtins(
            {
                "uid": self.uid,
                "title": self.title,
                "description": self.description,
                "tags": ["coinwatch"],
                "schemaVersion": SCHEMA_VERSION,
                "editable": False,
                "refresh": "1m",
                "time": {"from": "now-24h", "to": "now"},
                "timezone": "utc",
                "graphTooltip": 1,
                "templating": {"list": [variable.json() for variable in self.variables]},
                "panels": panels,
            }
        )
        return built


def text(query: str) -> str:
    """The text of a query's file."""
    return (QUERIES / f"{query}.flux").read_text()


def stat(title: str, description: str, query: str, *, unit: str = "short") -> Panel:
    """One large number."""
    options = {"reduceOptions": {"calcs": ["lastNotNull"], "values": False}, "graphMode": "none", "colorMode": "value"}
    return Panel(kind="stat", title=title, description=description, unit=unit, query=query, options=options)


def lines(title: str, description: str, query: str, *, unit: str = "none", label: str = "exchange") -> Panel:
    """A line a series over time, named by one of its tags; a hole in the data stays a hole."""
    return Panel(
        kind="timeseries",
        title=title,
        description=description,
        unit=unit,
        query=query,
        defaults={
            "displayName": f"${{__field.labels.{label}}}",
            "custom": {"lineWidth": 1, "fillOpacity": 0, "showPoints": "never", "spanNulls": 300_000},
        },
        options={
            "legend": {"displayMode": "list", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    )


def bars(title: str, description: str, query: str, *, unit: str = "none", label: str = "exchange") -> Panel:
    """Stacked bars over time, for amounts that add up."""
    panel = lines(title, description, query, unit=unit, label=label)
    panel.defaults["custom"] = {"drawStyle": "bars", "fillOpacity": 60, "lineWidth": 0, "stacking": {"mode": "normal"}}
    return panel


def table(
    title: str, description: str, query: str, *, columns: list[Override], sort: str, ascending: bool = False
) -> Panel:
    """A table whose columns say their own units."""
    return Panel(
        kind="table",
        title=title,
        description=description,
        unit="none",
        query=query,
        defaults={"custom": {"align": "auto", "filterable": True}},
        overrides=columns,
        options={"showHeader": True, "sortBy": [{"displayName": sort, "desc": not ascending}]},
    )


def column(name: str, title: str, **options: Any) -> Override:
    """A table's column: its title and field options, e.g. unit."""
    return Override(name, {"displayName": title, **options})
