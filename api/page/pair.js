// One pair: its newest figures, its chart with the switch between price and volume, its statistics over 24 h.

import { get } from "./api.js";
import { Chart } from "./chart.js";
import { byId, element, say } from "./dom.js";
import { direction, name } from "./market.js";
import { NONE, amount, figure, percent, price, time } from "./numbers.js";
import { address } from "./place.js";

const METRICS = {
  price: { title: "Price", unit: (pair) => pair.quote.toUpperCase(), write: price },
  volume: { title: "Volume of the 24 h before", unit: (pair) => pair.base.toUpperCase(), write: figure },
  traded: { title: "Traded in the minute", unit: (pair) => pair.base.toUpperCase(), write: figure },
};

// What is said of a pair that is in no list.
const UNLISTED = {
  frozen: "Neither price nor volume has moved for 24 hours: the pair is in no list and no rank.",
  off: "No fresh quote has come: these are the last ones, the pair is in no list and no rank.",
};

export class PairView {
  constructor() {
    this.pair = "";
    this.answer = null;
    this.chart = new Chart(byId("chart"), (point) => this.readOut(point));
    for (const choice of document.querySelectorAll("[name=metric]")) {
      choice.addEventListener("change", () => this.refresh());
    }
  }

  get metric() {
    return document.querySelector("[name=metric]:checked").value;
  }

  /** Shows another pair; `row` is what the market's table knows of it, if it does. */
  async open(pair, row) {
    this.pair = pair;
    this.answer = null;
    byId("pair").hidden = false;
    byId("metric").hidden = false;
    this.head(pair, row);
    byId("statistics").replaceChildren();
    this.chart.clear();
    say("pair-problem", "");
    say("readout", "…");
    await this.refresh();
  }

  /** The line above the chart, as far as the figures are known. */
  head(pair, figures) {
    byId("pair-title").textContent = figures ? name(figures) : pair.toUpperCase();
    byId("pair-exchange").textContent = figures ? exchanges(figures) : "";
    byId("pair-price").textContent = figures ? `${price(figures.price)} ${figures.quote.toUpperCase()}` : "";
    byId("pair-change").textContent = figures ? change(figures) : "";
    byId("pair-change").className = figures ? direction(figures.change_24h) : "";
  }

  /** Asks again for the pair that is shown; `row` is what the market's table knows of it now. */
  async refresh(row) {
    if (row && !this.answer) this.head(this.pair, row);
    const [pair, metric] = [this.pair, this.metric];
    try {
      const answer = await get(`metrics/${encodeURIComponent(pair)}?metric=${metric}`);
      if (pair === this.pair && metric === this.metric) this.show(answer);
    } catch (problem) {
      if (pair === this.pair) this.explain(problem);
    }
  }

  show(answer) {
    this.answer = answer;
    say("pair-problem", UNLISTED[answer.state] ?? "");
    this.head(this.pair, answer);
    byId("statistics").replaceChildren(...this.statistics(answer));
    this.chart.show(answer.chart, answer.time, this.inWords(answer));
    if (answer.chart.length === 0) say("readout", "No points within the last 24 hours.");
  }

  explain(problem) {
    if (problem.status === 404 || problem.status === 400) {
      this.chart.clear();
      byId("statistics").replaceChildren();
      byId("metric").hidden = true;
      say("readout", "");
    } else if (this.chart.points.length === 0) {
      say("readout", "");
    }
    say("pair-problem", problem.message);
    if (problem.nearest?.length) {
      const links = problem.nearest.map((near) => element("a", { href: address(near) }, near));
      byId("pair-problem").append(element("br"), "Open instead:", ...links.flatMap((link) => [" ", link]));
    }
  }

  statistics(answer) {
    const { count, points, min, max, mean, stddev, first } = answer.statistics;
    const rows = [
      ["Lowest", figure(min)],
      ["Highest", figure(max)],
      ["Mean", figure(mean)],
      ["Oldest", figure(first)],
      ["Standard deviation", figure(stddev)],
      ...rank(answer, answer.ranks.stddev),
      ["Volatility", percent(mean && stddev !== null ? stddev / mean : null)],
      ...rank(answer, answer.ranks.volatility),
      ["Volume 24 h", `${amount(answer.volume)} ${answer.base.toUpperCase()}`],
      ["in quote currency", `${amount(answer.quote_volume)} ${answer.quote.toUpperCase()}`],
      ["Points", `${figure(count)} of ${figure(points.expected)}`],
      ["of them from candles", figure(points.healed)],
    ];
    return rows.map(([term, value]) => element("div", {}, element("dt", {}, term), element("dd", {}, value)));
  }

  /** What stands under the chart: the point under the reader's hand, or the newest one. */
  readOut(point) {
    const shown = point ?? this.chart.points.at(-1);
    if (!shown || !this.answer) return;
    const { title, unit, write } = METRICS[this.metric];
    say("readout", `${title} at ${time(shown.at)}: ${write(shown.value)} ${unit(this.answer)}`);
  }

  inWords(answer) {
    const { min, max } = answer.statistics;
    const { title, unit } = METRICS[this.metric];
    return `${title} of ${name(answer)} in ${unit(answer)} over 24 hours, between ${figure(min)} and ${figure(max)}; arrow keys read single points`;
  }
}

/** A rank's row; what was traded is not ranked. */
function rank(answer, place) {
  return answer.metric === "traded" ? [] : [["its rank", place ? place.text : NONE]];
}

function change(figures) {
  if (figures.change_24h !== null) return `${percent(figures.change_24h, { signed: true })} in 24 h`;
  return figures.change_24h_note ? `no change known: ${figures.change_24h_note}` : "";
}

function exchanges(answer) {
  const others = answer.exchanges.filter((other) => other !== answer.exchange);
  return others.length ? `on ${answer.exchange}; also on ${others.join(", ")}` : `on ${answer.exchange}`;
}
