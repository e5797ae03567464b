"""Grafana's dashboards: their choices and their panels."""

from docs.markdown import code, table
from grafana.__main__ import dashboards
from grafana.panels import Dashboard


def dashboard_sections() -> str:
    """A section a dashboard."""
    return "\n\n".join(_section(dashboard) for dashboard in dashboards().values())


def _section(dashboard: Dashboard) -> str:
    panels = (panel for row in dashboard.rows for panel in row.panels)
    rows = ([panel.title, panel.kind, panel.description, _file(panel.query)] for panel in panels)
    parts = [f"## {dashboard.title}", f"{dashboard.description}."]
    if dashboard.variables:
        parts.append("To choose: " + "; ".join(f"{one.label}: {one.description}" for one in dashboard.variables) + ".")
    return "\n\n".join([*parts, table(("panel", "form", "shows", "query"), rows)])


def _file(query: str) -> str:
    return f"[{code(query)}](../grafana/queries/{query}.flux)"
