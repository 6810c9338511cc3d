import type { AccountId, InstrumentSymbol, QuoteId, RfqId } from '#shared/domain/ids.ts';
import type { RfqEvent } from '../../subgraphs/order/domain/rfq/rfq-event.ts';
import type { RfqQuote } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { Rfq, RfqAccept, RfqStatus } from '../../subgraphs/order/domain/rfq/rfq.ts';
import type { StoredTurn } from '../outside/simulated-order-store.ts';

/** A quote, and when it was made by the clock that nothing sets. */
export interface QuoteLife {
  readonly quote: RfqQuote;
  readonly madeAt: number;
  /** The owner of the books that made it. */
  readonly owner: StoredTurn['owner'];
  isWithdrawn: boolean;
}

/** What the stored turns have told of one request so far. */
export interface RfqLife {
  readonly id: RfqId;
  readonly accountId: AccountId;
  readonly symbol: InstrumentSymbol;
  status: RfqStatus;
  sequence: bigint;
  isByHand: boolean;
  readonly quotes: Map<QuoteId, QuoteLife>;
  accept: RfqAccept | null;
}

/** One event of a request, with what its turn has stored of it. */
export interface RfqStep {
  readonly turn: StoredTurn;
  readonly event: RfqEvent;
  /** The request as it is at the end of the turn. */
  readonly rfq: Rfq;
  /** The request before the event. */
  readonly life: RfqLife;
}

/** The lives of all requests, as the events of the stored turns tell them. */
export class RfqLives {
  readonly #lives = new Map<RfqId, RfqLife>();

  /** Every request so far. */
  all(): IterableIterator<RfqLife> {
    return this.#lives.values();
  }

  /** Takes the events of a turn one by one; each is shown before it counts. */
  take(turn: StoredTurn, show: (step: RfqStep) => void): void {
    for (const event of turn.rfq.events) {
      const rfq = turn.rfq.rfqs.find(({ id }) => id === event.rfqId);
      if (rfq === undefined) throw new Error(`a turn has an event of ${event.rfqId} without it`);
      const life = this.#lives.get(rfq.id) ?? newLife(rfq);
      this.#lives.set(rfq.id, life);
      show({ turn, event, rfq, life });
      advance(life, { turn, event, rfq });
    }
  }
}

function newLife({ id, accountId, symbol }: Rfq): RfqLife {
  return {
    ...{ id, accountId, symbol, status: 'OPEN', sequence: 0n, isByHand: false },
    quotes: new Map(),
    accept: null,
  };
}

function advance(life: RfqLife, { turn, event, rfq }: Omit<RfqStep, 'life'>): void {
  const { type, quote } = event;
  life.status = event.status;
  life.sequence = event.sequence;
  if (type === 'TAKEN_OVER') life.isByHand = !life.isByHand;
  if (type === 'ACCEPT_PENDING' && 'accept' in rfq.state) life.accept = rfq.state.accept;
  if (quote === null) return;
  const known = life.quotes.get(quote.id);
  if (known === undefined)
    life.quotes.set(quote.id, {
      ...{ quote, madeAt: turn.steady, owner: turn.owner, isWithdrawn: false },
    });
  else known.isWithdrawn ||= type === 'QUOTE_WITHDRAWN';
}
