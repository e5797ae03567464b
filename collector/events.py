"""Points of the events bucket: exchanges' states, and pairs listed, renamed, delisted."""

from collector.discovery import Change
from collector.lines import tag, text
from collector.state import State
from influx import schema


def exchange_state(exchange: str, state: State, time_ns: int) -> str:
    """The line of an exchange's state."""
    fields = f"state={text(state.name)},reason={text(state.why)},until={text(state.until)}"
    return f"{schema.EXCHANGE_STATE},exchange={tag(exchange)} {fields} {time_ns}"


def pair_event(exchange: str, change: Change, time_ns: int) -> str:
    """The line of what happened to a pair."""
    market = change.market
    tags = (
        f"base={tag(market.base)},exchange={tag(exchange)},kind={change.kind},"
        f"pair={tag(market.pair)},quote={tag(market.quote)}"
    )
    return f"{schema.PAIR_EVENT},{tags} detail={text(change.detail)} {time_ns}"
