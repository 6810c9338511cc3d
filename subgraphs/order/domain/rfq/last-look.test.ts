import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOfUnits } from '#shared/domain/price.ts';
import type { OrderSide } from '../order.ts';
import { anInstrument, price, units } from '../test-orders.ts';
import { lookLast, worstAccepted } from './last-look.ts';

const INSTRUMENT = anInstrument();
const TOLERANCE_BPS = 5;

function look(side: OrderSide, from: string | bigint, to: string | bigint, maxSlippageBps = 0) {
  const priceAt = (one: string | bigint) =>
    typeof one === 'string' ? price(one) : priceOfUnits(one);
  const accept = { side, price: priceAt(from), maxSlippageBps };
  const moved = { quotedMid: priceAt(from), mid: priceAt(to), toleranceBps: TOLERANCE_BPS };
  return lookLast({ accept, ...moved }, INSTRUMENT);
}

describe('the last look', () => {
  it('keeps the quoted price within the tolerance in both directions, and no further', () => {
    expect(look('BUY', '10000', '10005')).toMatchObject({ kind: 'fill', price: price('10000') });
    expect(look('BUY', '10000', '9995')).toMatchObject({ kind: 'fill', price: price('10000') });
    expect(look('BUY', '10000', '10005.01')).toMatchObject({ kind: 'moved' });
    expect(look('BUY', '10000', '9994.99')).toMatchObject({
      kind: 'fill',
      price: price('9994.99'),
    });
    expect(look('SELL', '10000', '9994.99')).toMatchObject({ kind: 'moved' });
    expect(look('SELL', '10000', '10005.01')).toMatchObject({ price: price('10005.01') });
  });

  it('is symmetrical: a move that is refused in one direction is passed on in full in the other', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 100n, max: 10_000_000n }),
        fc.bigInt({ min: 0n, max: 10_000n }),
        fc.constantFrom<OrderSide>('BUY', 'SELL'),
        (ticks, moveTicks, side) => {
          const from = ticks * INSTRUMENT.tickSize;
          const move = (moveTicks < ticks ? moveTicks : ticks - 1n) * INSTRUMENT.tickSize;
          const against = look(side, from, side === 'BUY' ? from + move : from - move);
          const towards = look(side, from, side === 'BUY' ? from - move : from + move);
          const isPassedOn = towards.kind === 'fill' && towards.price !== from;
          expect(against.kind === 'moved').toBe(isPassedOn);
          expect(towards.lastLook.moveBps).toBe(-against.lastLook.moveBps);
          if (isPassedOn) expect(towards.price).toBe(side === 'BUY' ? from - move : from + move);
          if (against.kind === 'fill') expect(against.price).toBe(from);
        },
      ),
    );
  });

  it('fills at a worse price only within the slippage that the client allows', () => {
    expect(look('BUY', '10000', '10010', 10)).toMatchObject({ price: price('10010') });
    expect(look('BUY', '10000', '10010.01', 10)).toMatchObject({ kind: 'moved' });
    expect(look('SELL', '10000', '9990', 10)).toMatchObject({ price: price('9990') });
    expect(look('SELL', '10000', '9989.99', 10)).toMatchObject({ kind: 'moved' });
    const accept = { side: 'BUY', price: price('33.33'), maxSlippageBps: 20 } as const;
    // 33.39666, and down to the tick: never more than was said.
    expect(worstAccepted(accept, INSTRUMENT)).toBe(price('33.39'));
  });

  it('measures nothing for a quote that was made by hand', () => {
    const accept = { side: 'BUY', price: price('10000'), maxSlippageBps: 0 } as const;
    const moved = { quotedMid: null, mid: price('20000'), toleranceBps: TOLERANCE_BPS };
    expect(lookLast({ accept, ...moved }, INSTRUMENT)).toEqual({
      kind: 'fill',
      price: price('10000'),
      lastLook: { midPrice: null, moveBps: units('0') },
    });
  });
});
