import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { ChangeSet } from '../domain/journal-store.ts';
import type { JournalListener } from './journal.ts';
import type { JournalState } from './journal-state.ts';

/**
 * What the house has of each instrument by its own quotes: whatever all clients together have bought
 * more than sold, it has sold. A trade between two clients counts on both sides, and so not at all.
 */
export class HouseInventory implements JournalListener {
  readonly #net = new Map<InstrumentSymbol, bigint>();

  /** Base units as a count of 10^-18; negative when the house has sold more than bought. */
  of(symbol: InstrumentSymbol): bigint {
    return this.#net.get(symbol) ?? 0n;
  }

  loaded(state: JournalState): void {
    this.#net.clear();
    for (const { symbol, netQuantity } of state.positions()) this.#add(symbol, -netQuantity);
  }

  committed({ events }: ChangeSet): void {
    for (const { fill } of events)
      if (fill !== null)
        this.#add(fill.symbol, fill.side === 'BUY' ? -fill.quantity : fill.quantity);
  }

  #add(symbol: InstrumentSymbol, change: bigint): void {
    this.#net.set(symbol, this.of(symbol) + change);
  }
}
