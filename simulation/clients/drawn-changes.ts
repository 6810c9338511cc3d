import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { OrderChanges } from '../../subgraphs/order/domain/order-amend.ts';
import { drawnPrice, INSTRUMENTS, lowestPrice } from './drawn-orders.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** Random changes of an order; some do not fit the order. */
export function drawnChanges(random: SeededRandom, nowMs: number): OrderChanges {
  const [{ quantityStep }] = INSTRUMENTS;
  const quantity = quantityOfUnits(BigInt(random.between(1, 900_000)) * quantityStep);
  return {
    ...(random.chance(0.7) ? { quantity } : {}),
    ...(random.chance(0.6) ? { limitPrice: drawnPrice(random) } : {}),
    ...(random.chance(0.15) ? { triggerPrice: drawnPrice(random) } : {}),
    ...(random.chance(0.1) ? { stopLimitPrice: lowestPrice() } : {}),
    ...(random.chance(0.15) ? { expireAt: nowMs + random.between(1, 8000) } : {}),
  };
}
