// The latest alerts: which value broke which rule, how far, and when.

import { byId, element, say } from "./dom.js";
import { NONE, figure, price, time } from "./numbers.js";
import { address } from "./place.js";

const MOST = 20;

/** Shows the rows of GET /alerts, newest first. */
export function showAlerts(alerts) {
  const newest = [...alerts].sort((left, right) => Date.parse(right.time) - Date.parse(left.time)).slice(0, MOST);
  byId("alert-list").replaceChildren(...newest.map((alert) => entry(alert)));
  say("no-alerts", newest.length ? "" : "None: no value has broken a rule lately.");
}

/** Says why there is no list, while none has been shown. */
export function noAlerts(problem) {
  if (byId("alert-list").childElementCount === 0) say("no-alerts", problem.message);
}

function entry(alert) {
  const late = alert.late ? ", judged afterwards" : "";
  return element(
    "li",
    {},
    element("time", { datetime: alert.time }, time(alert.time)),
    " ",
    element("a", { href: address(alert.pair) }, alert.pair),
    ` ${price(alert.price)} on ${alert.exchange}`,
    element("small", {}, `${alert.metric} ${figure(alert.value)} is ${times(alert.ratio)} its hour's mean${late}`),
  );
}

function times(ratio) {
  return ratio === null ? NONE : `${ratio.toFixed(1)} ×`;
}
