"""The Market dashboard: what is on the board, one pair on every exchange, the latest alerts."""

from grafana.panels import Dashboard, Panel, Row, Variable, bars, column, lines, stat, table


def dashboard() -> Dashboard:
    """The dashboard from top to bottom."""
    return Dashboard(
        uid="coinwatch-market",
        title="Market",
        description="Every pair's price, volume and volatility, one pair on every exchange, the latest alerts",
        variables=[exchange(), pair()],
        rows=[
            Row(4, [series_on_the_board(), exchanges_on_the_board(), age_of_the_board(), alerts_in_range()]),
            Row(12, [market()]),
            Row(9, [price(), volume()]),
            Row(9, [traded(), coverage()]),
            Row(9, [latest_alerts(), exchange_states()]),
        ],
    )


def exchange() -> Variable:
    return Variable(
        name="exchange",
        label="Exchange",
        description="Exchanges that the dashboard is about",
        query="exchanges",
        several=True,
        default="",
    )


def pair() -> Variable:
    return Variable(
        name="pair",
        label="Pair",
        description="The pair of the time series",
        query="pairs",
        several=False,
        default="btcusd",
    )


def series_on_the_board() -> Panel:
    return stat("Series on the board", "A pair on an exchange with a quote of the last 15 minutes", "board_series")


def exchanges_on_the_board() -> Panel:
    return stat("Exchanges on the board", "Exchanges with at least one quote of the last 15 minutes", "board_exchanges")


def age_of_the_board() -> Panel:
    return stat(
        "Newest row of the board",
        "A minute or two is well; more: the board's task has stopped",
        "board_time",
        unit="dateTimeFromNow",
    )


def alerts_in_range() -> Panel:
    return stat("Alerts", "Values that broke a rule within the range", "alerts_count")


def market() -> Panel:
    return table(
        "Market at the end of the range",
        "Newest price, change and volatility (standard deviation / mean) over 24 h; a row a pair and exchange",
        "market",
        columns=[
            column("pair", "Pair"),
            column("exchange", "Exchange"),
            column("price", "Price"),
            column("change_24h", "Change 24 h", unit="percentunit", decimals=2),
            column("volume", "Volume 24 h (base)", unit="short"),
            column("quote_volume", "Volume 24 h (quote)", unit="short"),
            column("volatility", "Volatility 24 h", unit="percentunit", decimals=3),
        ],
        sort="Volatility 24 h",
    )


def price() -> Panel:
    return lines("$pair: price", "Last price of each step, in quote currency", "price")


def volume() -> Panel:
    return lines(
        "$pair: volume 24 h", "The exchange's own rolling 24 h volume, in base currency", "volume", unit="short"
    )


def traded() -> Panel:
    return bars(
        "$pair: traded",
        "Volume of the exchanges' own minute candles, summed over each step, in base currency",
        "traded",
        unit="short",
    )


def coverage() -> Panel:
    return lines(
        "$pair: quotes in 24 h",
        "Quotes behind the 24 h statistics: 1,440 at one a minute without a hole",
        "coverage",
        unit="short",
    )


def latest_alerts() -> Panel:
    return table(
        "Latest alerts",
        "Values against the mean of the hour before, newest first",
        "alerts",
        columns=[
            column("_time", "Time", unit="dateTimeAsIso"),
            column("pair", "Pair"),
            column("exchange", "Exchange"),
            column("metric", "Metric"),
            column("rule", "Rule"),
            column("price", "Price"),
            column("value", "Value"),
            column("mean", "Mean of the hour"),
            column("ratio", "Times", decimals=1),
        ],
        sort="Time",
    )


def exchange_states() -> Panel:
    return table(
        "Exchanges' states",
        "The state that the collector saw last, within the range",
        "exchange_states",
        columns=[
            column("_time", "Since", unit="dateTimeAsIso"),
            column("exchange", "Exchange"),
            column("state", "State"),
            column("reason", "Reason"),
            column("until", "Until"),
        ],
        sort="Exchange",
        ascending=True,
    )
