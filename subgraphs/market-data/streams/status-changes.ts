import type { StatusChange } from '../domain/market-status.ts';
import type { InstrumentStatusUpdate } from './frames.ts';
import { MarketChain } from './market-chain.ts';

/** Whether one instrument accepts orders: its current status, then every change. */
export class StatusChanges extends MarketChain<StatusChange, InstrumentStatusUpdate> {
  override get newestSequence(): number {
    return this.market.status.sequence;
  }

  override listen(push: (change: StatusChange) => void): () => void {
    return this.market.onStatus.add(push);
  }

  override fresh(): InstrumentStatusUpdate[] {
    return [this.#frame(this.market.status, this.newestSequence - 1)];
  }

  override frames(change: StatusChange): InstrumentStatusUpdate[] {
    return change.sequence <= this.sent ? [] : [this.#frame(change, this.sent)];
  }

  #frame({ status, sequence }: StatusChange, previousSequence: number): InstrumentStatusUpdate {
    this.sent = sequence;
    return {
      __typename: 'InstrumentStatusUpdate',
      symbol: this.symbol,
      status,
      sequence: String(sequence),
      previousSequence: String(previousSequence),
    };
  }
}
