import type { MarketState, StatusChange } from '../domain/market-state.ts';
import type { InstrumentStatusUpdate } from './frames.ts';
import type { WholeStream } from './whole-source.ts';

/** Whether one instrument takes orders: its present status, then every change. */
export class StatusChanges implements WholeStream<StatusChange, InstrumentStatusUpdate> {
  readonly symbol: string;
  readonly #market: MarketState;
  #sentSequence = 0;

  constructor(market: MarketState) {
    this.symbol = market.instrument.symbol;
    this.#market = market;
  }

  get sentSequence(): number {
    return this.#sentSequence;
  }

  get newestSequence(): number {
    return this.#market.status.sequence;
  }

  get sourceAtMs(): number | null {
    return this.#market.lastMessageAtMs;
  }

  listen(push: (change: StatusChange) => void): () => void {
    return this.#market.onStatus.add(push);
  }

  fresh(): InstrumentStatusUpdate[] {
    return [this.#frame(this.#market.status, this.newestSequence - 1)];
  }

  frames(change: StatusChange): InstrumentStatusUpdate[] {
    return change.sequence <= this.#sentSequence ? [] : [this.#frame(change, this.#sentSequence)];
  }

  turnsStale(): boolean {
    return false;
  }

  #frame({ status, sequence }: StatusChange, previousSequence: number): InstrumentStatusUpdate {
    this.#sentSequence = sequence;
    return {
      __typename: 'InstrumentStatusUpdate',
      symbol: this.symbol,
      status,
      sequence: String(sequence),
      previousSequence: String(previousSequence),
    };
  }
}
