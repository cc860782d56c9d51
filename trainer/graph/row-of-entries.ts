// From compressed rows to coordinates.

/** Row number of every CSR entry. */
export function rowOfEntries(offsets: Int32Array): Int32Array {
  const rows = new Int32Array(offsets[offsets.length - 1]);
  for (let i = 0; i + 1 < offsets.length; i++) rows.fill(i, offsets[i], offsets[i + 1]);
  return rows;
}
