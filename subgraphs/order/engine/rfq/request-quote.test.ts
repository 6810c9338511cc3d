import { expect, it } from 'vitest';
import type { AccountId, ClientRfqId, RfqId, UserId } from '#shared/domain/ids.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { NO_PRICER } from '../../domain/rfq/quote-pricer.ts';
import { NOW_MS, quantity } from '../../domain/test-orders.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from '../test-journal.ts';
import { RfqEngine } from './rfq-engine.ts';

it('counts the open requests of a user over all accounts, until they end, even after a lost turn', async () => {
  let now = NOW_MS;
  const settings = { ...RFQ_SETTINGS, maxOpenRfqs: 2, maxUserOpenRfqs: 3 };
  const quoting = { pricer: NO_PRICER, settings };
  const store = new MemoryJournalStore();
  const desk = startDesk(store, { now: () => now, quoting });
  const engine = new RfqEngine(desk.journal);
  let requests = 0;
  const request = async (account: string, user: string | null) => {
    const name = `r-${(requests += 1)}`;
    const names = { id: name as RfqId, clientRfqId: name as ClientRfqId };
    const size = { quantity: quantity('1'), quoteQuantity: null };
    const asked = { ...names, accountId: account as AccountId, symbol: SYMBOL, side: null, size };
    const made = await engine.request(asked, INSTRUMENT, user as UserId | null);
    if (made.kind === 'requested') return made.kind;
    const { reason, rule, limit, actual } = made.refusal;
    return `${reason} ${rule} ${actual}/${limit}`;
  };
  const openOf = async (user: string) =>
    (await engine.creditUse('one' as AccountId, INSTRUMENT, user as UserId)).userOpenRfqs;

  expect([await request('one', 'usr'), await request('one', 'usr')]).toEqual(
    Array.from({ length: 2 }, () => 'requested'),
  );
  expect(await request('one', 'usr')).toBe('TOO_MANY_OPEN_RFQS maxOpenRfqs 3/2');
  expect(await request('two', 'usr')).toBe('requested');
  expect(await request('two', 'usr')).toBe('TOO_MANY_OPEN_RFQS maxUserOpenRfqs 4/3');
  expect(await request('two', 'friend')).toBe('requested');
  expect([await openOf('usr'), await openOf('friend')]).toEqual([3, 1]);
  store.failsNext = true;
  await expect(request('two', 'friend')).rejects.toThrow();
  expect([await openOf('usr'), await openOf('friend')]).toEqual([3, 1]);
  await engine.cancel('r-1' as RfqId);
  expect(await request('three', 'usr')).toBe('requested');
  expect(await openOf('usr')).toBe(3);
  now += settings.rfqLifeMs + 1000;
  await desk.journal.run(() => undefined);
  expect([await openOf('usr'), await openOf('friend')]).toEqual([0, 0]);
});
