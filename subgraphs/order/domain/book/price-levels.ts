import { invariant } from '#shared/domain/invariant.ts';

/** What {@link PriceLevels} needs from a level: its rank, and two links that only the list changes. */
export interface RankedLevel<Level> {
  /** Lower is better; unique within its list. */
  readonly rank: number;
  /** The neighbors by rank; only {@link PriceLevels} writes them. */
  better: Level | null;
  worse: Level | null;
}

/** A chunk of this length is split in two, which bounds how much one insertion moves. */
const CHUNK_MAX = 512;

/**
 * Price levels sorted by rank. The best level and each level's neighbors are found at once; adding
 * or removing one takes a binary search and moves at most one chunk, however many levels there are.
 * A heap would be as fast for the best level, but matching also needs the levels after it.
 */
export class PriceLevels<Level extends RankedLevel<Level>> {
  /** The sorted list in chunks; none is empty, unless it is the only one. */
  readonly #chunks: Level[][] = [[]];
  #best: Level | null = null;

  /** The best level: that of the lowest rank. */
  get best(): Level | null {
    return this.#best;
  }

  /** Adds a level at its place. @throws Error (an invariant) if its rank is taken. */
  insert(level: Level): void {
    const at = this.#chunkOf(level.rank);
    const chunk = this.#chunk(at);
    const index = lowerBound(chunk, level.rank);
    invariant(chunk[index]?.rank !== level.rank, 'a second level of one rank');
    const better = chunk[index - 1] ?? null;
    const worse = better === null ? (chunk[index] ?? null) : better.worse;
    this.#link(better, level, worse);
    chunk.splice(index, 0, level);
    if (chunk.length > CHUNK_MAX) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK_MAX / 2));
  }

  /** Removes a level that is in the list. */
  remove(level: Level): void {
    const at = this.#chunkOf(level.rank);
    const chunk = this.#chunk(at);
    const index = lowerBound(chunk, level.rank);
    invariant(chunk[index] === level, 'the level is not in the list');
    chunk.splice(index, 1);
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(at, 1);
    if (level.better === null) this.#best = level.worse;
    else level.better.worse = level.worse;
    if (level.worse !== null) level.worse.better = level.better;
  }

  #link(better: Level | null, level: Level, worse: Level | null): void {
    level.better = better;
    level.worse = worse;
    if (better === null) this.#best = level;
    else better.worse = level;
    if (worse !== null) worse.better = level;
  }

  #chunk(at: number): Level[] {
    const chunk = this.#chunks[at];
    invariant(chunk !== undefined, 'a chunk is missing');
    return chunk;
  }

  /** The last chunk that begins at or below the rank; the first chunk if none does. */
  #chunkOf(rank: number): number {
    let [low, high] = [0, this.#chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const first = this.#chunks[middle]?.[0];
      if (first !== undefined && first.rank <= rank) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The index of the first level that is not better than the rank. */
function lowerBound(chunk: readonly { readonly rank: number }[], rank: number): number {
  let [low, high] = [0, chunk.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const level = chunk[middle];
    if (level !== undefined && level.rank < rank) low = middle + 1;
    else high = middle;
  }
  return low;
}
