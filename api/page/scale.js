// A chart's arithmetic: round ticks, lines that break at holes, the point nearest to a place.

const STEPS = [1, 2, 2.5, 5, 10];
const HOLE_MS = 5 * 60_000; // a longer silence is shown as a hole and not bridged

/** About `count` round values that span [low, high]. */
export function ticks(low, high, count) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * STEPS.find((factor) => factor * power >= rough);
  const from = Math.ceil(low / step);
  const to = Math.floor(high / step);
  return Array.from({ length: to - from + 1 }, (_, at) => (from + at) * step);
}

/** Full hours of the reader's clock within [from, to], in ms, `every` hours apart. */
export function hours(from, to, every) {
  const at = new Date(from);
  at.setMinutes(0, 0, 0);
  const found = [];
  while (at <= to) {
    if (at >= from && at.getHours() % every === 0) found.push(at.getTime());
    at.setHours(at.getHours() + 1);
  }
  return found;
}

/** The points in runs without a hole. */
export function runs(points) {
  const found = [];
  points.forEach((point, at) => {
    if (at === 0 || point.at - points[at - 1].at > HOLE_MS) found.push([]);
    found.at(-1).push(point);
  });
  return found;
}

/** The index of the point whose time is nearest. */
export function nearest(points, at) {
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle].at < at) low = middle;
    else high = middle;
  }
  return at - points[low].at <= points[high].at - at ? low : high;
}
