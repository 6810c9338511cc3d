import { describe, expect, it } from 'vitest';
import type { AccountId, InstrumentSymbol, RfqId, UserId } from '#shared/domain/ids.ts';
import type { OrderSide } from '../../domain/order.ts';
import { NOTHING_TAKEN } from '../../domain/rfq/taken-depth.ts';
import { quantity, units } from '../../domain/test-orders.ts';
import { RecentTakes } from './recent-takes.ts';

const SYMBOL = 'BTC-USDT' as InstrumentSymbol;
const OTHER = 'ETH-USDT' as InstrumentSymbol;
const senderOf = (account: string, user: string | null) => ({
  accountId: account as AccountId,
  userId: user as UserId | null,
});

class Taken {
  readonly takes = new RecentTakes();
  #count = 0;

  note(
    account: string,
    user: string | null,
    size: string,
    more: Partial<{ at: number; side: OrderSide; symbol: InstrumentSymbol }> = {},
  ): RfqId {
    const { at = 1000, side = 'BUY', symbol = SYMBOL } = more;
    const id = `rfq-${(this.#count += 1)}` as RfqId;
    const { accountId, userId } = senderOf(account, user);
    this.takes.note({ id, accountId, symbol }, { side, quantity: quantity(size) }, userId, at);
    return id;
  }

  by(account: string, user: string | null, sinceMs = 0) {
    return this.takes.by(senderOf(account, user), { symbol: SYMBOL, sinceMs });
  }
}

describe('what clients have just taken', () => {
  it('counts by account, by user on all accounts, by instrument and by side, each accept once', () => {
    const taken = new Taken();
    taken.note('a', 'anna', '1');
    taken.note('b', 'anna', '2');
    taken.note('a', 'otto', '4');
    taken.note('c', 'otto', '8');
    taken.note('a', 'anna', '16', { symbol: OTHER });
    taken.note('a', null, '32', { side: 'SELL' });
    expect(taken.by('a', 'anna')).toEqual({ ask: units('7'), bid: units('32') });
    expect(taken.by('b', null)).toEqual({ ask: units('2'), bid: 0n });
    expect(taken.by('d', 'otto')).toEqual({ ask: units('12'), bid: 0n });
    expect(taken.by('d', null)).toEqual(NOTHING_TAKEN);
  });

  it('counts for an accept what its sender had accepted before it', () => {
    const taken = new Taken();
    taken.note('a', 'anna', '1');
    const id = taken.note('b', 'anna', '2');
    taken.note('b', 'anna', '4');
    const counted = { symbol: SYMBOL, sinceMs: 0 };
    const about = { id, accountId: 'b' as AccountId };
    expect(taken.takes.before(about, counted)).toEqual({ ask: units('1'), bid: 0n });
  });

  it('counts neither what is as old as asked for, nor rejected', () => {
    const taken = new Taken();
    taken.note('a', null, '1', { at: 999 });
    taken.note('a', null, '2', { at: 1000 });
    taken.takes.reject(taken.note('a', null, '4', { at: 1000 }));
    expect(taken.by('a', null, 999)).toEqual({ ask: units('2'), bid: 0n });
  });

  it('counts again what was rejected in vain: by its user, and before what was accepted after it', () => {
    const taken = new Taken();
    const id = taken.note('a', 'anna', '1');
    const later = taken.note('b', 'anna', '2');
    taken.takes.reject(id);
    expect(taken.by('c', 'anna')).toEqual({ ask: units('2'), bid: 0n });
    const again = { id, ...senderOf('a', null), symbol: SYMBOL };
    taken.takes.note(again, { side: 'BUY', quantity: quantity('1') }, null, 1000);
    expect(taken.by('c', 'anna')).toEqual({ ask: units('3'), bid: 0n });
    const about = { id: later, accountId: 'b' as AccountId };
    const counted = { symbol: SYMBOL, sinceMs: 0 };
    expect(taken.takes.before(about, counted)).toEqual({ ask: units('1'), bid: 0n });
  });

  it('forgets what was accepted in a turn that is lost, and nothing that was stored', () => {
    const taken = new Taken();
    taken.takes.stored(taken.note('a', null, '1'));
    const lost = taken.note('a', null, '2');
    expect(taken.by('a', null)).toEqual({ ask: units('3'), bid: 0n });
    taken.takes.lost();
    taken.takes.stored(lost);
    expect(taken.by('a', null)).toEqual({ ask: units('1'), bid: 0n });
  });

  it('forgets what is too old', () => {
    const taken = new Taken();
    taken.note('a', null, '1', { at: 999 });
    taken.note('a', null, '2', { at: 1000 });
    taken.takes.forget(1000);
    expect(taken.by('a', null)).toEqual({ ask: units('2'), bid: 0n });
  });
});
