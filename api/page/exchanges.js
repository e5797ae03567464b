// The exchanges and how the collector last found them.

import { byId, element } from "./dom.js";

/** Shows the rows of GET /exchanges; the state is said in words, the colour only repeats it. */
export function showExchanges(exchanges) {
  byId("exchanges").replaceChildren(
    ...exchanges.map((exchange) => {
      const { state, reason, pairs } = exchange;
      const known = state === "ok" ? `${pairs} pairs` : reason;
      return element("li", { class: state === "ok" ? "well" : "unwell", title: known }, `${exchange.exchange} ${state}`);
    }),
  );
}
