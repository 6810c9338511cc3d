import { invariant } from '#shared/domain/invariant.ts';

/** What {@link PriceLevels} needs of a level: its rank, and links that it maintains itself. */
export interface RankedLevel<Level> {
  /** Lower is better; unique within its list. */
  readonly rank: number;
  /** The neighbors by rank; only {@link PriceLevels} writes them. */
  better: Level | null;
  worse: Level | null;
}

/** Where a chunk is split in two; bounds what one insertion has to move. */
const CHUNK_MAX = 512;

/**
 * Price levels in order of rank: the best one at once, neighbors by link, and insertion or removal
 * in the time of a binary search plus the move of at most one chunk, however many levels there are.
 * A heap would be as quick for the best level alone, but matching walks on from it.
 */
export class PriceLevels<Level extends RankedLevel<Level>> {
  /** Sorted chunks of a sorted list; none is empty but the only one. */
  readonly #chunks: Level[][] = [[]];
  #best: Level | null = null;

  /** The level of the lowest rank. */
  get best(): Level | null {
    return this.#best;
  }

  /** Puts a new level in its place. @throws Error (an invariant) if its rank is taken. */
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

  /** Takes out a level that is in the list. */
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

  /** The last chunk that begins at or below the rank, otherwise the first. */
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

/** The first index whose level is not better than the rank. */
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
