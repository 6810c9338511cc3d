import type { AccountId, OrderId, UserId } from '#shared/domain/ids.ts';
import type { OrderSide } from '../order.ts';
import type { PriceLevel } from './price-level.ts';
import type { RestingOrder } from './resting-order.ts';

/** A resting order as it was met, and where. */
export class MetOrder implements RestingOrder {
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly placedBy: UserId | null;
  readonly displaySteps: number | null;
  priority: number;
  shownSteps: number;
  hiddenSteps: number;
  slot: number;
  level: PriceLevel;

  constructor(level: PriceLevel, slot: number) {
    const { rows } = level;
    this.orderId = rows.orderId(slot);
    const { accountId, placedBy } = rows.party(slot);
    this.accountId = accountId;
    this.placedBy = placedBy;
    this.displaySteps = rows.displaySteps(slot);
    this.priority = rows.priority(slot);
    this.shownSteps = rows.shownSteps(slot);
    this.hiddenSteps = rows.hiddenSteps(slot);
    this.slot = slot;
    this.level = level;
  }

  get side(): OrderSide {
    return this.level.side;
  }

  get priceTicks(): number {
    return this.level.priceTicks;
  }

  get younger(): MetOrder | null {
    return this.level.after(this.slot);
  }
}
