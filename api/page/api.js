// The REST API: answers as objects, everything else as a Problem that says what to tell the reader.

const TIMEOUT_MS = 30_000;
const MOST_PAGES = 50;

/** A request that gave no answer. `status` is 0 when the API itself did not answer. */
class Problem extends Error {
  constructor(status, detail, nearest = [], retryAfterS = 5) {
    super(detail);
    this.status = status;
    this.nearest = nearest;
    this.retryAfterS = retryAfterS;
  }
}

/** The answer at a path below the page's own address. */
export async function get(path) {
  return (await ask(path)).body;
}

/** A list that is answered in pages (Link: rel="next") with all its rows, in the first page's frame. */
export async function getAll(path, list) {
  let { body, next } = await ask(path);
  const whole = body;
  for (let page = 1; next && page < MOST_PAGES; page += 1) {
    ({ body, next } = await ask(next));
    whole[list].push(...body[list]);
  }
  return whole;
}

async function ask(path) {
  let response;
  try {
    response = await fetch(path, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Problem(0, "The API does not answer.");
  }
  const body = await read(response);
  if (!response.ok) {
    const retryAfterS = Number(response.headers.get("Retry-After")) || 5;
    throw new Problem(response.status, body.detail ?? `The API answered ${response.status}.`, body.nearest, retryAfterS);
  }
  return { body, next: nextPage(response) };
}

async function read(response) {
  try {
    return await response.json();
  } catch {
    throw new Problem(response.status, `The API answered ${response.status} and no JSON.`);
  }
}

function nextPage(response) {
  const link = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get("Link") ?? "");
  return link ? new URL(link[1], response.url).href : null; // it is relative to what was asked
}
