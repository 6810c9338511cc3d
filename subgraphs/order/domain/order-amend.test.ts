import { expect, it } from 'vitest';
import {
  type OrderAmend,
  type OrderChanges,
  POST_ONLY_AMEND,
  requestedLimitPrice,
  STOP_LEG_AMEND,
} from './order-amend.ts';
import { price, quantity } from './test-orders.ts';

const amend = (
  amendId: string,
  from: string,
  to: string,
  asked: OrderChanges | null = null,
): OrderAmend => {
  const prices = { triggerPrice: null, stopLimitPrice: null };
  const values = { ...prices, quantity: quantity('1'), expireAt: null };
  const [before, after] = [from, to].map((at) => ({ ...values, limitPrice: price(at) }));
  if (before === undefined || after === undefined) throw new Error('There are two.');
  return { amendId, asked, before, after, priorityKept: false, at: 0, supersedes: null };
};
const moved = amend(POST_ONLY_AMEND, '110', '100');

it.each<[string, OrderAmend[], string | null]>([
  ['nothing was changed', [], null],
  ['post-only moved it', [moved], '110'],
  [
    'only its quantity was changed since',
    [moved, amend('a', '100', '100', { quantity: quantity('1') })],
    '110',
  ],
  [
    'it has what was asked for since',
    [moved, amend('a', '100', '99', { limitPrice: price('99') })],
    null,
  ],
  [
    'it was asked to stay where it was moved to',
    [moved, amend('a', '100', '100', { limitPrice: price('100') })],
    null,
  ],
  [
    'post-only moved it again',
    [
      moved,
      amend('a', '100', '120', { limitPrice: price('120') }),
      amend(POST_ONLY_AMEND, '120', '101'),
    ],
    '120',
  ],
  ['its stop leg took over', [moved, amend(STOP_LEG_AMEND, '100', '90')], null],
])('tells the limit price that was asked for when %s', (_when, amends, expected) => {
  expect(requestedLimitPrice({ amends })).toBe(expected === null ? null : price(expected));
});
