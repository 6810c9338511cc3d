import type { Instrument } from '#shared/domain/instrument.ts';
import type { AccountId, InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type {
  AmendedOrder,
  DecidedOrder,
  OrderJournal,
  SubmittedOrder,
} from '../domain/ports/order-journal.ts';
import type { OrderPreview } from '../domain/order-preview.ts';
import { cancelOrder, type NewOrder } from '../domain/order-progress.ts';
import type { AccountStanding } from '../domain/use-cases/read-trading-limits.ts';
import { type AmendCommand, type AmendDecision, amendOrder } from './amend-order.ts';
import { MAX_OPEN_ORDERS } from './check-new-order.ts';
import type { DecidedAmends } from './decided-amends.ts';
import { DecidedOrders } from './decided-orders.ts';
import { endOrder } from './end-order.ts';
import type { Journal } from './journal.ts';
import { previewNewOrder } from './preview-order.ts';
import type { PreviewQueue } from './preview-queue.ts';
import { submitNewOrder } from './submit-order.ts';

/** The commands of clients, as turns of the journal. */
export class OrderEngine implements OrderJournal {
  readonly #journal: Journal;
  readonly #decided = new DecidedOrders();
  readonly #amends: DecidedAmends;
  readonly #previews: PreviewQueue;

  constructor(options: {
    readonly journal: Journal;
    readonly amends: DecidedAmends;
    /** One for all that looks ahead. */
    readonly previews: PreviewQueue;
  }) {
    this.#journal = options.journal;
    this.#amends = options.amends;
    this.#previews = options.previews;
    this.#journal.listen(this.#decided);
    this.#journal.listen(this.#amends);
  }

  submit(order: NewOrder, instrument: Instrument | null): Promise<SubmittedOrder> {
    return this.#journal.run((turn) => {
      const recorded = submitNewOrder(turn, order, instrument);
      return { order: recorded, decided: this.#decision(recorded) };
    });
  }

  preview(order: NewOrder, instrument: Instrument | null): Promise<OrderPreview> {
    return this.#previews.run(order, () =>
      this.#journal.run((turn) => previewNewOrder(turn, order, instrument)),
    );
  }

  async decided(orderId: OrderId): Promise<DecidedOrder | null> {
    // Within a turn, so that the decision cannot fall between looking and waiting.
    const { decision } = await this.#journal.run((turn) => ({
      decision: this.#decision(turn.state.order(orderId)),
    }));
    return decision;
  }

  async amend(
    orderId: OrderId,
    command: AmendCommand,
    instrument: Instrument,
  ): Promise<AmendedOrder | null> {
    const { decision } = await this.#journal.run((turn) => {
      const order = turn.state.order(orderId);
      if (order === undefined) return { decision: Promise.resolve(null) };
      return { decision: this.#amended(amendOrder(turn, order, command, instrument)) };
    });
    return decision;
  }

  cancel(orderId: OrderId): Promise<RecordedOrder | null> {
    return this.#journal.run((turn) => {
      const order = turn.state.order(orderId);
      // An accepted quote cannot be canceled.
      if (order === undefined || order.link.rfqId !== null) return null;
      turn.venue.remove(order);
      return endOrder(turn, cancelOrder(order, 'USER_REQUEST', turn.at), 'CANCELED');
    });
  }

  standing(accountId: AccountId, symbol: InstrumentSymbol): Promise<AccountStanding> {
    return this.#journal.run(({ state, now }) => ({
      openOrders: state.orderCount(accountId, symbol),
      maxOpenOrders: MAX_OPEN_ORDERS,
      tier: state.feeTier(accountId, now),
    }));
  }

  #amended(made: AmendDecision): Promise<AmendedOrder | null> {
    if (made.kind !== 'pending') return Promise.resolve(made);
    const { state } = made.order;
    invariant(state.status === 'PENDING_UPDATE', `nothing is asked for order ${made.order.id}`);
    return this.#amends.next(state.pending.changeId);
  }

  #decision(order: RecordedOrder | undefined): Promise<DecidedOrder | null> {
    if (order?.state.status !== 'SUBMITTED') return Promise.resolve(null);
    return this.#decided.next(order.id);
  }
}
