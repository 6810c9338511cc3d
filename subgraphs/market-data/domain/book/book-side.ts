import { ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import { ExactSide } from './exact-side.ts';
import type { Level } from './level.ts';
import { LevelRows, type Levels, NO_ROWS } from './level-rows.ts';
import { type ChangeListener, RowSide } from './row-side.ts';

/**
 * One side of a book. It is held in rows while everything received fits in them, which is nearly
 * always; from the first value that does not, it is held as exact amounts of any size until it is
 * replaced. Both show the same levels.
 */
export class BookSide<Kept extends Level = Level> {
  readonly #side: 'bid' | 'ask';
  readonly #keep: (rows: LevelRows, index: number) => Kept;
  readonly #rows: RowSide;
  /** Null while the side is held in rows. */
  #exact: ExactSide<Kept> | null = null;

  /** @param keep makes what is kept of a row once the side is not held in rows any more */
  constructor(side: 'bid' | 'ask', keep: (rows: LevelRows, index: number) => Kept) {
    this.#side = side;
    this.#keep = keep;
    this.#rows = new RowSide(side);
  }

  /** The side while it is held in rows, with every digit as it was sent; null while it is not. */
  get rows(): RowSide | null {
    return this.#exact === null ? this.#rows : null;
  }

  /** How many levels there are. */
  get size(): number {
    return this.#now().size;
  }

  /**
   * Sets the quantity at each price; 0 removes the level, and removing an unknown one is ignored.
   * @param listener called for each price that is set, with the change
   */
  apply(levels: readonly Kept[] | LevelRows, listener?: ChangeListener): void {
    if (levels.length === 0) return;
    if (this.#exact === null) {
      if (levels instanceof LevelRows) return this.#rows.apply(levels, listener);
      this.#exact = this.#exactOf(this.#rows.rows());
      this.#rows.replace(NO_ROWS);
    }
    const kept = this.#kept(levels);
    if (listener === undefined) return this.#exact.setAll(kept);
    for (const level of kept) {
      const before = this.#exact.quantityAt(level.price);
      this.#exact.set(level);
      listener(level.price, level.quantity - before);
    }
  }

  /** Forgets every level and takes these. They come in any order; venues send the best first. */
  replace(levels: readonly Kept[] | LevelRows): void {
    const rows = levels.length === 0 ? NO_ROWS : levels;
    this.#exact = rows instanceof LevelRows ? null : this.#exactOf(rows);
    this.#rows.replace(rows instanceof LevelRows ? rows : NO_ROWS);
  }

  /**
   * Forgets the worst levels beyond `depth`.
   * @param listener called for each of them, with the change
   * @returns their removals
   */
  cutTo(depth: number, listener?: ChangeListener): Levels {
    if (this.#exact === null) return this.#rows.cutTo(depth, listener);
    return this.#exact.cutTo(depth).map(({ price, quantity }) => {
      listener?.(price, -quantity);
      return { price, quantity: ZERO_QUANTITY };
    });
  }

  /**
   * The best level, or null if the side is empty; the same object until that level is set, or the
   * side comes to be held as exact amounts.
   */
  best(): Level | null {
    return this.#now().best();
  }

  /** The worst level, or null if the side is empty. */
  worst(): Level | null {
    return this.#now().worst();
  }

  /** At most `count` levels, best first. */
  top(count: number): Level[] {
    return this.#now().top(count);
  }

  /** At most `count` levels as they are kept, best first; none while the side is held in rows. */
  kept(count: number): readonly Kept[] {
    return this.#exact?.top(count) ?? [];
  }

  /** All levels in the form in which they are held, best first. */
  levels(): Levels {
    return this.#exact === null ? this.#rows.rows() : this.#exact.top(Infinity);
  }

  /** A method: V8 calls its runtime whenever a private getter is read. */
  #now(): RowSide | ExactSide<Kept> {
    return this.#exact ?? this.#rows;
  }

  #exactOf(levels: readonly Kept[] | LevelRows): ExactSide<Kept> {
    const exact = new ExactSide<Kept>(this.#side);
    exact.replace(this.#kept(levels));
    return exact;
  }

  #kept(levels: readonly Kept[] | LevelRows): readonly Kept[] {
    if (!(levels instanceof LevelRows)) return levels;
    return Array.from({ length: levels.length }, (_, index) => this.#keep(levels, index));
  }
}

/** A side that keeps nothing but its levels. */
export function plainSide(side: 'bid' | 'ask'): BookSide {
  return new BookSide(side, (rows, index) => rows.at(index) as Level);
}

/** Whether the best bid has reached the best ask. */
export function isCrossed(bids: BookSide, asks: BookSide): boolean {
  if (bids.rows !== null && asks.rows !== null) return bids.rows.reaches(asks.rows);
  const [bid, ask] = [bids.best(), asks.best()];
  return bid !== null && ask !== null && bid.price >= ask.price;
}
