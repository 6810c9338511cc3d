// A subscriber of `orderBookChanged` that trusts nothing: it keeps its own book out of the frames and
// checks the chain and the checksum of each.
import { bookChecksum } from './domain/book/checksum.ts';
import type { LevelView } from './domain/book/level-view.ts';
import type { OrderBookFrame } from './streams/frames.ts';

/** See above. */
export class TestBookClient {
  readonly #bids = new Map<string, string>();
  readonly #asks = new Map<string, string>();
  sequence = '0';
  snapshots = 0;
  updates = 0;
  gaps = 0;

  /** @throws Error if a frame does not follow, or the checksum is not that of its book */
  read(frame: OrderBookFrame): void {
    switch (frame.__typename) {
      case 'OrderBookSnapshot':
        this.#bids.clear();
        this.#asks.clear();
        this.snapshots += 1;
        return this.#change(frame.book, frame.sequence);
      case 'OrderBookUpdate':
        if (frame.previousSequence !== this.sequence)
          throw new Error(`${frame.previousSequence} does not follow ${this.sequence}.`);
        this.updates += 1;
        return this.#change(frame, frame.sequence);
      case 'StreamGap':
        this.gaps += 1;
        return;
      case 'StreamHeartbeat':
        return;
    }
  }

  /** Its book, best first. */
  levels(): { readonly bids: LevelView[]; readonly asks: LevelView[] } {
    return { bids: sorted(this.#bids, -1), asks: sorted(this.#asks, 1) };
  }

  #change(
    change: { bids: readonly LevelView[]; asks: readonly LevelView[]; checksum: string },
    sequence: string,
  ): void {
    this.sequence = sequence;
    setLevels(this.#bids, change.bids);
    setLevels(this.#asks, change.asks);
    const { bids, asks } = this.levels();
    const checksum = bookChecksum(bids, asks);
    if (checksum !== change.checksum)
      throw new Error(`The checksum at ${sequence} is ${checksum}, not ${change.checksum}.`);
  }
}

function setLevels(side: Map<string, string>, levels: readonly LevelView[]): void {
  for (const { price, quantity } of levels)
    if (quantity === '0') side.delete(price);
    else side.set(price, quantity);
}

function sorted(side: ReadonlyMap<string, string>, direction: 1 | -1): LevelView[] {
  return [...side]
    .map(([price, quantity]) => ({ price, quantity }))
    .sort((left, right) => (parseFloat(left.price) - parseFloat(right.price)) * direction);
}
