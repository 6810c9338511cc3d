// Arrays that hold a table together and never move its entries, however far it grows: the first
// holds 2^firstBits entries, and each further one as many as all before it.

/** The array in which an entry of the table is. */
export function chunkOf(entry: number, firstBits: number): number {
  return 31 - Math.clz32((entry >>> firstBits) + 1);
}

/** The first entry of an array. */
export function chunkStart(chunk: number, firstBits: number): number {
  return ((1 << chunk) - 1) << firstBits;
}

/** How many entries an array holds. */
export function chunkLength(chunk: number, firstBits: number): number {
  return 1 << (chunk + firstBits);
}
