// The market's table: every pair once, by its main exchange. Opens with the most volatile pair on top.

import { byId, element, say } from "./dom.js";
import { NONE, amount, percent, price } from "./numbers.js";
import { address } from "./place.js";
import { matching, ranked, sorted } from "./ranking.js";

const ROWS_AT_ONCE = 200;
const FIRST_DESCENDING = new Set(["price", "change_24h", "comparable_volume", "volatility"]);

export class Market {
  /** `open(pair)` is called when the reader chooses a row. */
  constructor(open) {
    this.open = open;
    this.rows = [];
    this.column = "rank";
    this.descending = false;
    this.most = ROWS_AT_ONCE;
    this.chosen = "";
    this.listen();
  }

  /** Takes up the rows of GET /metrics; `currency` is that of their comparable volumes. */
  take(rows, currency) {
    this.rows = ranked(rows, "volatility");
    byId("volume-currency").textContent = currency.toUpperCase();
    this.offerQuotes();
    this.show();
  }

  /** Marks the pair whose chart is shown. */
  mark(pair) {
    this.chosen = pair;
    for (const row of byId("rows").children) markRow(row, pair);
  }

  /** What the table knows of a pair. */
  row(pair) {
    return this.rows.find((row) => row.pair === pair);
  }

  /** The pair that stands on top. */
  first() {
    return this.found()[0]?.pair;
  }

  found() {
    const rows = matching(this.rows, byId("search").value, byId("quote").value);
    return sorted(rows, this.column, this.descending);
  }

  show() {
    const found = this.found();
    const shown = found.slice(0, this.most);
    byId("rows").replaceChildren(...shown.map((row) => tableRow(row)));
    this.mark(this.chosen);
    say("shown", this.summary(found.length));
    say("more", found.length > shown.length ? `Show ${Math.min(ROWS_AT_ONCE, found.length - shown.length)} more` : "");
  }

  summary(found) {
    if (this.rows.length === 0) return "";
    if (found === 0) return "No pair matches";
    return found === this.rows.length ? `${found} pairs` : `${found} of ${this.rows.length} pairs`;
  }

  offerQuotes() {
    const select = byId("quote");
    const counts = new Map();
    for (const row of this.rows) counts.set(row.quote, (counts.get(row.quote) ?? 0) + 1);
    const quotes = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
    const known = [...select.options].slice(1).map((option) => option.value);
    if (quotes.join() === known.join()) return;
    const chosen = select.value;
    const options = quotes.map((quote) => element("option", { value: quote }, quote.toUpperCase()));
    select.replaceChildren(select.options[0], ...options);
    select.value = quotes.includes(chosen) ? chosen : "";
  }

  listen() {
    byId("search").addEventListener("input", () => this.again());
    byId("search").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.first()) this.open(this.first());
    });
    byId("quote").addEventListener("change", () => this.again());
    byId("more").addEventListener("click", () => {
      this.most += ROWS_AT_ONCE;
      this.show();
    });
    byId("rows").addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row && !event.target.closest("a")) this.open(row.dataset.pair); // a link opens by itself
    });
    for (const head of document.querySelectorAll("th[data-column]")) {
      head.querySelector("button").addEventListener("click", () => this.sortBy(head.dataset.column));
    }
  }

  again() {
    this.most = ROWS_AT_ONCE;
    this.show();
  }

  sortBy(column) {
    this.descending = column === this.column ? !this.descending : FIRST_DESCENDING.has(column);
    this.column = column;
    for (const head of document.querySelectorAll("th[data-column]")) {
      const sorts = head.dataset.column === column;
      if (sorts) head.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    this.again();
  }
}

function tableRow(row) {
  const others = row.exchanges.filter((exchange) => exchange !== row.exchange);
  return element(
    "tr",
    { "data-pair": row.pair },
    element("td", { class: "number" }, row.rank === null ? NONE : String(row.rank)),
    element("th", { scope: "row" }, element("a", { href: address(row.pair) }, name(row)), aside(row.ambiguous ? " prices differ" : "")),
    element("td", { class: "number" }, price(row.price)),
    element("td", { class: `number ${direction(row.change_24h)}` }, percent(row.change_24h, { signed: true })),
    element("td", { class: "number" }, percent(row.volatility)),
    element("td", { class: "number" }, amount(row.comparable_volume)),
    element("td", { title: others.join(", ") }, row.exchange, aside(others.length ? ` +${others.length}` : "")),
  );
}

function aside(text) {
  return text === "" ? null : element("small", {}, text);
}

function markRow(row, pair) {
  if (row.dataset.pair === pair) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
}

/** A pair as people read it: BTC/USD. */
export function name(row) {
  return `${row.base}/${row.quote}`.toUpperCase();
}

/** The class of a change: rising, falling, none, or not known. */
export function direction(change) {
  if (change === null) return "unknown";
  return change > 0 ? "rising" : change < 0 ? "falling" : "";
}
