// The chart: one line over 24 hours as SVG, read by pointer, by touch and by the arrow keys.

import { shape } from "./dom.js";
import { figure, time } from "./numbers.js";
import { hours, nearest, runs, ticks } from "./scale.js";

const HEIGHT = 260;
const MARGIN = { top: 12, right: 8, bottom: 24 };
const DAY_MS = 86_400_000;

export class Chart {
  /** Draws into `host`; `read(point)` is told the point under the reader's hand, null when there is none. */
  constructor(host, read) {
    this.host = host;
    this.read = read;
    this.points = [];
    this.chosen = null;
    new ResizeObserver(() => this.draw()).observe(host);
  }

  /** Shows rows of time and value; `end` is the right edge; `label` says in words what is drawn. */
  show(rows, end, label) {
    this.points = rows.map((row) => ({ at: Date.parse(row.time), value: row.value }));
    this.end = Date.parse(end);
    this.label = label;
    this.chosen = null;
    this.draw();
  }

  /** Empties the chart. */
  clear() {
    this.points = [];
    this.draw();
  }

  draw() {
    const width = this.host.clientWidth;
    if (this.points.length === 0 || width === 0) {
      this.host.replaceChildren();
      return;
    }
    this.measure(width);
    const svg = shape("svg", {
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width,
      height: HEIGHT,
      role: "img",
      tabindex: 0,
      "aria-label": this.label,
      "aria-describedby": "readout",
    });
    svg.append(...this.valueAxis(width), ...this.timeAxis(), ...this.line());
    this.cursor = shape("g", { class: "cursor" });
    svg.append(this.cursor);
    this.listen(svg);
    const focused = this.host.contains(document.activeElement);
    this.host.replaceChildren(svg);
    if (focused) svg.focus();
    this.point(this.chosen);
  }

  measure(width) {
    const values = this.points.map((point) => point.value);
    let [low, high] = [Math.min(...values), Math.max(...values)];
    const room = (high - low) * 0.05 || Math.abs(high) * 0.01 || 1;
    [low, high] = [low - room, high + room];
    this.marks = ticks(low, high, 5);
    const widest = Math.max(...this.marks.map((mark) => figure(mark).length));
    const left = 12 + 7.2 * widest;
    const start = Math.min(this.end - DAY_MS, this.points[0].at);
    this.start = start;
    this.left = left;
    this.right = width - MARGIN.right;
    this.bottom = HEIGHT - MARGIN.bottom;
    this.x = (at) => left + ((at - start) / (this.end - start)) * (this.right - left);
    this.y = (value) => this.bottom - ((value - low) / (high - low)) * (this.bottom - MARGIN.top);
  }

  valueAxis() {
    return this.marks.flatMap((mark) => [
      shape("line", { class: "grid", x1: this.left, x2: this.right, y1: this.y(mark), y2: this.y(mark) }),
      shape("text", { x: this.left - 8, y: this.y(mark) + 4, "text-anchor": "end" }, figure(mark)),
    ]);
  }

  timeAxis() {
    const every = this.right - this.left > 480 ? 3 : 6;
    return hours(this.start, this.end, every)
      .filter((at) => this.x(at) > this.left + 16 && this.x(at) < this.right - 16)
      .map((at) => shape("text", { x: this.x(at), y: HEIGHT - 6, "text-anchor": "middle" }, clock(at)));
  }

  line() {
    return runs(this.points).map((run) => {
      const places = run.map((point) => `${this.x(point.at).toFixed(1)},${this.y(point.value).toFixed(1)}`);
      // A single point between two holes has no line; a dot shows that it is there.
      if (run.length === 1) return shape("circle", { class: "dot", cx: this.x(run[0].at), cy: this.y(run[0].value), r: 1.5 });
      return shape("polyline", { class: "line", points: places.join(" ") });
    });
  }

  listen(svg) {
    svg.addEventListener("pointermove", (event) => {
      const within = event.clientX - svg.getBoundingClientRect().left;
      const at = this.start + ((within - this.left) / (this.right - this.left)) * (this.end - this.start);
      this.point(nearest(this.points, at));
    });
    svg.addEventListener("pointerleave", () => this.point(null));
    svg.addEventListener("blur", () => this.point(null));
    svg.addEventListener("keydown", (event) => {
      const last = this.points.length - 1;
      const from = this.chosen ?? last;
      const step = event.shiftKey ? 60 : 1;
      const to = { ArrowLeft: from - step, ArrowRight: from + step, Home: 0, End: last, Escape: null }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.point(to === null ? null : Math.max(0, Math.min(last, to)));
    });
  }

  point(index) {
    this.chosen = index;
    const point = index === null ? null : this.points[index];
    this.cursor.replaceChildren();
    if (point) {
      const [x, y] = [this.x(point.at), this.y(point.value)];
      this.cursor.append(
        shape("line", { x1: x, x2: x, y1: MARGIN.top, y2: this.bottom }),
        shape("circle", { cx: x, cy: y, r: 4 }),
      );
    }
    this.read(point);
  }
}

function clock(at) {
  return time(at, new Date(at)); // the time of day alone: the axis spans one day
}
