"""Every file that `make docs` writes: which block of a page, and which whole file, comes from where."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from api import app, coingecko
from docs.blocks import commands, dashboards, database, exchanges, metrics, routes, rules, settings
from docs.marked import MarkerError, filled

ROOT = Path(__file__).parents[1]
COMMAND = "make docs"

BLOCKS: Mapping[str, Callable[[], str]] = {
    "settings": settings.settings_table,
    "exchanges": exchanges.exchange_table,
    "each exchange": exchanges.exchange_sections,
    "routes": partial(routes.route_table, app.ENDPOINTS),
    "each route": partial(routes.route_sections, app.ENDPOINTS),
    "routes of coingecko": partial(routes.route_table, coingecko.ENDPOINTS),
    "each route of coingecko": partial(routes.route_sections, coingecko.ENDPOINTS),
    "stream": routes.stream_tables,
    "errors": routes.error_table,
    "members of an error": routes.error_members,
    "metrics of the collector": metrics.collector_metrics,
    "metrics of the api": metrics.api_metrics,
    "buckets": database.bucket_table,
    "measurements": database.measurement_table,
    "tasks": database.job_table,
    "flux headers": database.flux_headers,
    "tokens": database.token_table,
    "resources": database.resource_table,
    "default rules": rules.default_rules,
    "keys of every rule": rules.key_table,
    "keys of each kind": rules.kind_sections,
    "dashboards": dashboards.dashboard_sections,
    "targets": commands.target_table,
    "help of collector": partial(commands.help_of, "collector"),
    "help of influx": partial(commands.help_of, "influx"),
    "help of api": partial(commands.help_of, "api"),
}

WHOLE: Mapping[str, Callable[[], str]] = {".env.example": settings.env_example}


def pages() -> list[Path]:
    """The pages that may hold blocks."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def wanted() -> dict[Path, str]:
    """Every file that is written, with the text it should have. MarkerError names page and line."""
    texts = {ROOT / name: make() for name, make in WHOLE.items()}
    for page in pages():
        try:
            texts[page] = filled(page.read_text(), COMMAND, block)
        except MarkerError as error:
            raise MarkerError(f"{page.relative_to(ROOT)}: {error}") from error
    return texts


def block(name: str) -> str:
    """A block's text. MarkerError: there is no such block; the message names those that there are."""
    if name not in BLOCKS:
        raise MarkerError(f"{COMMAND} makes no block {name!r}; it makes {', '.join(BLOCKS)}")
    return BLOCKS[name]()


def old() -> dict[Path, str]:
    """Those of them whose text is not what it should be."""
    return {path: text for path, text in wanted().items() if not path.exists() or path.read_text() != text}
