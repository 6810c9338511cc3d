import type { InstrumentSymbol, RfqId } from '#shared/domain/ids.ts';
import type { OrderSide } from '../../domain/order.ts';
import { NOTHING_TAKEN, type TakenDepth } from '../../domain/rfq/taken-depth.ts';
import type { Rfq, RfqAccept } from '../../domain/rfq/rfq.ts';
import { countedIn, type Sender } from '../../domain/rules/sender.ts';

/** An accept that has traded, or may still. */
interface Take extends Sender {
  readonly rfqId: RfqId;
  readonly symbol: InstrumentSymbol;
  readonly side: OrderSide;
  /** Base units as a count of 10^-18. */
  readonly quantity: bigint;
  readonly steadyMs: number;
  /** Whether its turn is stored: it counts before, for what the same turn does next. */
  isStored: boolean;
  /** Nothing is taken by it, unless its rejection is lost. */
  isRejected: boolean;
}

/** Which accepts count. */
interface Counted {
  readonly symbol: InstrumentSymbol;
  /** Only accepts after this count. */
  readonly sinceMs: number;
}

/**
 * What clients have taken from the desk a moment ago, in memory only. An account's accepts count together, and a user's on
 * all accounts. All times are those of `steadyNow`.
 */
export class RecentTakes {
  /** In the order of the accepts. */
  readonly #takes = new Map<RfqId, Take>();
  readonly #named = new Map<string, Set<Take>>();

  /**
   * A quote is accepted, or its rejection was lost. It counts once, and in its place; see also {@link RecentTakes.stored}.
   * @param userId who accepted it; null if that is not known
   */
  note(
    { id: rfqId, accountId, symbol }: Pick<Rfq, 'id' | 'accountId' | 'symbol'>,
    { side, quantity }: Pick<RfqAccept, 'side' | 'quantity'>,
    userId: Sender['userId'],
    steadyMs: number,
  ): void {
    const known = this.#takes.get(rfqId);
    if (known !== undefined) {
      known.isRejected = false;
      return;
    }
    const about = { rfqId, accountId, userId, symbol, side, quantity, steadyMs };
    const take: Take = { ...about, isStored: false, isRejected: false };
    this.#takes.set(rfqId, take);
    for (const name of countedIn(symbol, take))
      this.#named.set(name, (this.#named.get(name) ?? new Set()).add(take));
  }

  /** The turn of an accept is stored. */
  stored(rfqId: RfqId): void {
    const take = this.#takes.get(rfqId);
    if (take !== undefined) take.isStored = true;
  }

  /** A turn is lost: forgets the accepts that were never stored. */
  lost(): void {
    for (const take of this.#takes.values()) if (!take.isStored) this.#forget(take);
  }

  /** Forgets what was accepted before this. */
  forget(beforeMs: number): void {
    for (const take of this.#takes.values()) {
      if (take.steadyMs >= beforeMs) break;
      this.#forget(take);
    }
  }

  /** An accept is rejected. */
  reject(rfqId: RfqId): void {
    const take = this.#takes.get(rfqId);
    if (take !== undefined) take.isRejected = true;
  }

  /** Whether anything of a sender is remembered; cheap enough to ask for everybody who follows prices. */
  knows(sender: Sender, symbol: InstrumentSymbol): boolean {
    return countedIn(symbol, sender).some((name) => this.#named.has(name));
  }

  /** What a sender has taken. */
  by(sender: Sender, counted: Counted): TakenDepth {
    return this.#sum(sender, counted, null);
  }

  /** What the sender of an accept had taken before it. */
  before({ id, accountId }: Pick<Rfq, 'id' | 'accountId'>, counted: Counted): TakenDepth {
    const sender = this.#takes.get(id) ?? { accountId, userId: null };
    return this.#sum(sender, counted, id);
  }

  #forget(take: Take): void {
    this.#takes.delete(take.rfqId);
    for (const name of countedIn(take.symbol, take)) {
      const takes = this.#named.get(name);
      takes?.delete(take);
      if (takes?.size === 0) this.#named.delete(name);
    }
  }

  #sum(sender: Sender, { symbol, sinceMs }: Counted, upTo: RfqId | null): TakenDepth {
    if (this.#takes.size === 0) return NOTHING_TAKEN;
    const counted = new Set<Take>();
    for (const name of countedIn(symbol, sender))
      for (const take of this.#named.get(name) ?? []) {
        if (take.rfqId === upTo) break;
        if (take.steadyMs > sinceMs && !take.isRejected) counted.add(take);
      }
    const sum = (side: OrderSide) => {
      let quantity = 0n;
      for (const take of counted) if (take.side === side) quantity += take.quantity;
      return quantity;
    };
    return { ask: sum('BUY'), bid: sum('SELL') };
  }
}
