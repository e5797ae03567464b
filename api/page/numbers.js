// Numbers and times as the page writes them. No price is ever rounded to 0 and none has an exponent.

const EXACT = new Intl.NumberFormat("en", { maximumSignificantDigits: 15 });
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY_AND_CLOCK = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

export const NONE = "–"; // what the exchange does not say, or what can't be known yet

/** A price with all its digits: 63412.5 is 63,412.5 and 6.44e-6 is 0.00000644. */
export function price(value) {
  return value === null || value === undefined ? NONE : EXACT.format(value);
}

/** A computed figure such as a mean: six significant digits, but never fewer than its whole part has. */
export function figure(value) {
  if (value === null || value === undefined) return NONE;
  const whole = Math.floor(Math.log10(Math.max(Math.abs(value), 1))) + 1;
  return new Intl.NumberFormat("en", { maximumSignificantDigits: Math.min(21, Math.max(6, whole)) }).format(value);
}

/** An amount in short: 1.234M, 56.7K; tiny ones keep four significant digits. */
export function amount(value) {
  return value === null || value === undefined ? NONE : COMPACT.format(value);
}

/** A part of one in percent: 0.0123 is 1.23 %; with a sign where it is a change. */
export function percent(value, { signed = false, digits = 2 } = {}) {
  if (value === null || value === undefined) return NONE;
  const text = (100 * Math.abs(value)).toFixed(digits);
  const nothing = Number(text) === 0;
  const sign = value < 0 && !nothing ? "−" : signed && !nothing ? "+" : "";
  return `${sign}${text} %`;
}

/** The reader's own time of day, with the day when it is not today. */
export function time(value, now = new Date()) {
  const when = new Date(value);
  return (when.toDateString() === now.toDateString() ? CLOCK : DAY_AND_CLOCK).format(when);
}

/** How long ago in words: 40 s, 12 min, 3 h. */
export function age(value, now = new Date()) {
  const seconds = Math.max(0, Math.round((now - new Date(value)) / 1000));
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
