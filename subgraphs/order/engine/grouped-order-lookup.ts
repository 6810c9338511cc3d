import type { OrderId } from '#shared/domain/ids.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { ClientOrderKey, OrderLookup } from '../domain/ports/order-journal.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';
import type { GroupCommit } from '#shared/store/group-commit.ts';
import { groupCall } from './group-call.ts';

const KEYS_PER_CALL = 500;

/** Where orders are read, many keys at once; answers come in any order. */
export interface OrderSource {
  ordersById(ids: readonly OrderId[]): Promise<readonly RecordedOrder[]>;
  ordersByClientOrderId(keys: readonly ClientOrderKey[]): Promise<readonly RecordedOrder[]>;
}

/** Looks orders up for commands of all requests: those that arrive together share a statement. */
export class GroupedOrderLookup implements OrderLookup {
  readonly #byId: GroupCommit<OrderId, RecordedOrder | null>;
  readonly #byClientOrderId: GroupCommit<ClientOrderKey, RecordedOrder | null>;

  constructor(source: OrderSource) {
    this.#byId = groupCall(
      async (ids) => {
        const orders = await answered(source.ordersById(ids));
        const found = new Map(orders.map((order) => [order.id, order]));
        return ids.map((id) => found.get(id) ?? null);
      },
      { limit: KEYS_PER_CALL },
    );
    this.#byClientOrderId = groupCall(
      async (keys) => {
        const orders = await answered(source.ordersByClientOrderId(keys));
        const found = new Map(orders.map((order) => [keyText(order), order]));
        return keys.map((key) => found.get(keyText(key)) ?? null);
      },
      { limit: KEYS_PER_CALL },
    );
  }

  byId(orderId: OrderId): Promise<RecordedOrder | null> {
    return this.#byId.submit(orderId);
  }

  byClientOrderId(key: ClientOrderKey): Promise<RecordedOrder | null> {
    return this.#byClientOrderId.submit(key);
  }
}

function answered<Result>(reading: Promise<Result>): Promise<Result> {
  return reading.catch((cause: unknown) => {
    throw new UnavailableError('The order store did not respond.', cause);
  });
}

function keyText({ accountId, clientOrderId }: ClientOrderKey): string {
  return `${accountId}/${clientOrderId}`;
}
