import { randomUUID } from 'node:crypto';
import { quantileOfSorted } from '../rows.ts';
import type { BenchOrder, Door } from './doors.ts';
import type { TradingPair } from './stores.ts';

const MS_PER_SECOND = 1000;
const SELL = { side: 'SELL', quantity: '0.001', limitPrice: '50000' } as const;
const BUY = { ...SELL, side: 'BUY' } as const;

/** What the clients achieved in a time window. */
export interface TradingFigures {
  readonly orders: number;
  /** Answered orders per second, including the time until everything they traded was settled. */
  readonly ordersPerSecond: number;
  /** Quantiles of the time that one request takes, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Lets one client for each pair trade. One request after the other, its seller places what its buyer
 * then takes, so every order fills.
 * @param options.batch orders in one request
 * @param options.untilSettled resolves when everything traded so far is settled
 */
export async function trade(options: {
  readonly door: Door;
  readonly pairs: readonly TradingPair[];
  readonly batch: number;
  readonly windowMs: number;
  readonly untilSettled: () => Promise<void>;
}): Promise<TradingFigures> {
  const { door, pairs, batch, windowMs, untilSettled } = options;
  const latencies: number[] = [];
  const startedAt = performance.now();
  const timed = async (work: () => Promise<void>) => {
    const sentAt = performance.now();
    await work();
    latencies.push(performance.now() - sentAt);
  };
  const send = ({ seller, buyer }: TradingPair, order: Omit<BenchOrder, 'clientOrderId'>) => {
    const trader = order.side === 'SELL' ? seller : buyer;
    const orders = Array.from({ length: batch }, () => ({ ...order, clientOrderId: randomUUID() }));
    const [first] = orders;
    return batch === 1 && first !== undefined
      ? door.place(trader, first)
      : door.placeAll(trader, orders);
  };
  await Promise.all(
    pairs.map(async (pair) => {
      while (performance.now() - startedAt < windowMs) {
        await timed(() => send(pair, SELL));
        await timed(() => send(pair, BUY));
      }
    }),
  );
  await untilSettled();
  const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
  const sorted = latencies.toSorted((a, b) => a - b);
  const orders = latencies.length * batch;
  return {
    orders,
    ordersPerSecond: orders / seconds,
    p50: quantileOfSorted(sorted, 0.5),
    p99: quantileOfSorted(sorted, 0.99),
  };
}
