import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { oppositeOf, type OrderSide } from '../domain/order.ts';
import type { Inventory } from '../venue/house.ts';
import type { JournalListener } from './journal-listener.ts';
import type { JournalState } from './journal-state.ts';

/**
 * The house's inventory in each instrument: it has sold what all clients together have bought more
 * than sold. It is read from the books, so that a turn's trades count at once. When the turn is
 * stored, the house may already have quoted again.
 */
export class HouseInventory implements Inventory, JournalListener {
  #state: JournalState | null = null;

  of(symbol: InstrumentSymbol): bigint {
    return -(this.#state?.clientsQuantity(symbol) ?? 0n);
  }

  promised(symbol: InstrumentSymbol, side: OrderSide): bigint {
    return this.#state?.rfqs.pendingQuantity(symbol, oppositeOf(side)) ?? 0n;
  }

  loaded(state: JournalState): void {
    this.#state = state;
  }

  resigned(): void {
    this.#state = null;
  }
}
