// Ranks: the largest value is rank 1, equal values share a rank, rows without a value have none.

/** Each row with its `rank` by one of its figures. */
export function ranked(rows, by) {
  const values = rows.map((row) => row[by]).filter((value) => value !== null).sort((left, right) => right - left);
  const places = new Map();
  values.forEach((value, at) => places.has(value) || places.set(value, at + 1));
  return rows.map((row) => ({ ...row, rank: places.get(row[by]) ?? null }));
}

/** The rows in a column's order; rows without a value stand last whichever the direction. */
export function sorted(rows, column, descending) {
  const sign = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [one, other] = [left[column], right[column]];
    if (one === null || other === null) return (one === null) - (other === null);
    const order = typeof one === "string" ? one.localeCompare(other) : one - other;
    return sign * order || left.pair.localeCompare(right.pair);
  });
}

/** The rows that a search means: every word is part of the pair, a currency or one of the exchanges. */
export function matching(rows, search, quote) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean).map((word) => word.replaceAll(/[-/_:]/g, ""));
  return rows.filter(
    (row) =>
      (quote === "" || row.quote === quote) &&
      words.every((word) => [row.pair, row.base, ...row.exchanges].some((text) => text.includes(word))),
  );
}
