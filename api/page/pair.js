// One pair: its newest figures, its chart with the switch between price and volume, its statistics over 24 h.

import { get } from "./api.js";
import { Chart } from "./chart.js";
import { byId, element, say } from "./dom.js";
import { direction, name } from "./market.js";
import { amount, figure, percent, price, time } from "./numbers.js";
import { address } from "./place.js";

const METRICS = {
  price: { title: "Price", unit: (pair) => pair.quote.toUpperCase(), write: price },
  volume: { title: "Volume of the last 24 h", unit: (pair) => pair.base.toUpperCase(), write: figure },
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

  /** Shows another pair. */
  async open(pair) {
    this.pair = pair;
    this.answer = null;
    byId("pair").hidden = false;
    byId("pair-title").textContent = pair.toUpperCase();
    for (const id of ["pair-exchange", "pair-price", "pair-change"]) byId(id).textContent = "";
    byId("statistics").replaceChildren();
    this.chart.clear();
    say("pair-problem", "");
    say("readout", "…");
    await this.refresh();
  }

  /** Asks again for the pair that is shown. */
  async refresh() {
    if (!this.pair) return;
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
    say("pair-problem", "");
    byId("metric").hidden = false;
    byId("pair-title").textContent = name(answer);
    byId("pair-exchange").textContent = exchanges(answer);
    byId("pair-price").textContent = `${price(answer.price)} ${answer.quote.toUpperCase()}`;
    byId("pair-change").textContent = `${percent(answer.change_24h, { signed: true })} in 24 h`;
    byId("pair-change").className = direction(answer.change_24h);
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
    const links = problem.nearest?.map((near) => element("a", { href: address(near) }, near)) ?? [];
    byId("pair-problem").append(...links.flatMap((link) => [" ", link]));
  }

  statistics(answer) {
    const { count, min, max, mean, stddev, first } = answer.statistics;
    const rows = [
      ["Lowest", figure(min)],
      ["Highest", figure(max)],
      ["Mean", figure(mean)],
      ["24 h ago", figure(first)],
      ["Standard deviation", figure(stddev)],
      ["Volatility", mean ? percent(stddev / mean) : percent(null)],
      ["Volume 24 h", `${amount(answer.volume)} ${answer.base.toUpperCase()}`],
      ["in quote currency", `${amount(answer.quote_volume)} ${answer.quote.toUpperCase()}`],
      ["Points", count.toLocaleString("en")],
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

function exchanges(answer) {
  const others = answer.exchanges.filter((other) => other !== answer.exchange);
  return others.length ? `on ${answer.exchange}; also on ${others.join(", ")}` : `on ${answer.exchange}`;
}
