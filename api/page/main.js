// The page: what is asked of the API when, and what the reader is told when there is nothing to show.

import { noAlerts, showAlerts } from "./alerts.js";
import { get, getAll } from "./api.js";
import { byId, say } from "./dom.js";
import { showExchanges } from "./exchanges.js";
import { Market } from "./market.js";
import { age, time } from "./numbers.js";
import { PairView } from "./pair.js";
import { address, pairHere } from "./place.js";

const EVERY_MS = 30_000; // the board is made anew each minute
const WIDE = matchMedia("(min-width: 64rem)"); // where the chart stands beside the table

const market = new Market((pair) => (location.hash = address(pair)));
const view = new PairView();

async function refresh() {
  clearTimeout(refresh.timer);
  let wait = EVERY_MS;
  try {
    const answer = await getAll("metrics?per_page=1000", "metrics");
    market.take(answer.metrics, answer.volume_currency);
    say("as-of", `as of ${time(answer.time)}`);
    say("notice", await doubts(answer));
    if (view.pair) view.refresh(market.row(view.pair));
    else if (WIDE.matches && market.first()) show(market.first());
  } catch (problem) {
    wait = 1000 * (problem.retryAfterS ?? 5);
    say("notice", await noAnswer(problem));
  }
  await Promise.all([
    beside("alerts", (answer) => showAlerts(answer.alerts), noAlerts),
    beside("exchanges", (answer) => showExchanges(answer.exchanges)),
  ]);
  refresh.timer = setTimeout(refresh, wait);
}

/** What is said above a table that is shown: nothing when all is well. */
async function doubts(answer) {
  if (answer.metrics.length === 0) return `No pair is on the board at ${time(answer.time)}: none has a fresh quote.`;
  try {
    const { database, backfill } = await get("readyz");
    if (answer.stale) return `These figures are ${age(answer.time)} old: ${database === "ok" ? "no newer ones have come in" : database}.`;
    return filling(backfill);
  } catch (problem) {
    return answer.stale ? `These figures are ${age(answer.time)} old: ${problem.message}` : "";
  }
}

/** How far the first start's history is: until it is there, charts and 24 h figures are of less than a day. */
function filling(backfill) {
  const [done, total] = ["done", "total"].map((part) => backfill.reduce((sum, exchange) => sum + exchange[part], 0));
  return done < total ? `The last 24 hours are being filled in from the exchanges' candles: ${done} of ${total} pairs are done.` : "";
}

/** What is said when there is no table, or it can't be asked for. */
async function noAnswer(problem) {
  if (problem.status === 0) return `${problem.message} Trying again.`;
  if (problem.status !== 503) return problem.message;
  const reason = await get("readyz").then(() => problem.message, (unready) => unready.message);
  const way = reason.includes("SIMULATE=1") ? "" : " Without a way to the exchanges, `make run SIMULATE=1` shows all of this on a built-in simulator.";
  return `No data yet: ${reason}. The first figures come a minute or two after the first quotes.${way}`;
}

/** Shows an answer beside the table; without one, what is shown stays. */
async function beside(path, show, explain = () => {}) {
  let answer;
  try {
    answer = await get(path);
  } catch (problem) {
    explain(problem);
    return;
  }
  show(answer);
}

function show(pair) {
  market.mark(pair);
  return view.open(pair, market.row(pair));
}

function follow() {
  const pair = pairHere();
  if (!pair) return;
  show(pair);
  if (!WIDE.matches) byId("pair").scrollIntoView({ block: "start" });
  byId("pair-title").focus({ preventScroll: true });
}

addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  byId("search").focus();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(refresh.timer); // nobody looks: nothing is asked
  else refresh();
});
follow();
refresh();
