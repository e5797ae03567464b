// Where the reader is: the pair in the page's address, so that it can be linked to and the back button works.

/** The address of a pair's chart on this page. */
export function address(pair) {
  return `#pair=${encodeURIComponent(pair)}`;
}

/** The pair that the address names; empty when it names none. */
export function pairHere() {
  const match = /^#pair=(.+)$/.exec(location.hash);
  try {
    return match ? decodeURIComponent(match[1]) : "";
  } catch {
    return match[1]; // not well encoded: the API will say what it thinks of it
  }
}
