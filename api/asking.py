"""A worker's charts, asked for on its event loop: no thread and no general HTTP client between a request and its query.

The errors are those of link.py; a token that was changed is taken up as there.
"""

from api.flux_csv import ChartJson
from api.link import TIMEOUT_S, Link, not_set_up
from influx import flux, tokens
from influx.async_queries import AsyncQueries
from influx.client import Forbidden


class Asking:
    """The queries of one worker's event loop, with the API's token."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._queries: AsyncQueries | None = None

    def close(self) -> None:
        """Closes the connections, so that the next query reads the token anew."""
        if self._queries is not None:
            self._queries.close()
        self._queries = None

    async def query_json(self, name: str, params: flux.Options) -> bytes:
        """As Link.query_json."""
        made = ChartJson()
        with self.link.timed(name):
            try:
                await self._connected().ask(flux.source(f"queries/{name}"), {"params": params}, made.take)
            except Forbidden:
                self.close()
                raise
            return made.json()

    def _connected(self) -> AsyncQueries:
        if self._queries is None:
            settings, role = self.link.settings, self.link.role
            token = tokens.read(settings, role.name)
            if token is None:
                raise not_set_up(settings)
            self._queries = AsyncQueries(settings.url, settings.influx_org, token, role.name, TIMEOUT_S)
        return self._queries
