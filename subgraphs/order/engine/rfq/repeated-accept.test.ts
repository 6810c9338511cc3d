import { expect, it } from 'vitest';
import type { ClientOrderId, ClientRfqId, OrderId, RfqId } from '#shared/domain/ids.ts';
import { MESSAGE_RATE, MessageRate } from '../../domain/rules/message-rate.ts';
import { NotOwnerError } from '../../domain/ports/not-owner-error.ts';
import { OneAtATime } from '../../domain/one-at-a-time.ts';
import { RequestRate } from '../../domain/rfq/request-rate.ts';
import type { AcceptQuotePorts } from '../../domain/rfq/accept-once.ts';
import { acceptQuote } from '../../domain/rfq/accept-quote.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { SYMBOL } from '../test-journal.ts';
import { AcceptWorld, ANNA, orderIdOf, RFQ } from './test-accepts.ts';

const ACCESS = {
  ...{ userId: null, mayTrade: () => true, mayRead: () => true },
  ...{ mayRequestQuotes: () => true, mayStreamPrices: () => true, isMember: () => true },
};

/** What an accept needs, from the stores of a world. */
function portsOf({ store, engine, desk, ...world }: AcceptWorld): AcceptQuotePorts {
  const order = (id: OrderId) => Promise.resolve(store.orders.get(id) ?? null);
  const byClientOrderId = ({ clientOrderId }: { clientOrderId: ClientOrderId }) => {
    const found = [...store.orders.values()].find((one) => one.clientOrderId === clientOrderId);
    return Promise.resolve(found ?? null);
  };
  const [settlement] = [...store.rfq.settlements.values()];
  const rfqReads = {
    rfq: (id: RfqId) => Promise.resolve(store.rfq.rfqs.get(id) ?? null),
    quote: (_rfqId: RfqId, id: string) => Promise.resolve(store.rfq.quotes.get(id) ?? null),
    settlement: () => Promise.resolve(settlement ?? null),
  };
  return {
    rfqReads: rfqReads as unknown as AcceptQuotePorts['rfqReads'],
    levels: null as unknown as AcceptQuotePorts['levels'],
    rfqJournal: engine,
    orders: { byId: order, byClientOrderId },
    instruments: desk.instruments,
    twins: new OneAtATime(),
    requestRate: new RequestRate(RFQ_SETTINGS.requestWindows),
    messageRate: new MessageRate(MESSAGE_RATE),
    newRfqId: () => 'another' as RfqId,
    newClientRfqId: () => 'c-another' as ClientRfqId,
    newOrderId: () => 'other' as OrderId,
    clock: { now: () => world.now },
    within: <Result>(_limitMs: number, work: Promise<Result>) => work,
  };
}

it('does not say that nothing was done where an accept is repeated while nobody has the books', async () => {
  const world = new AcceptWorld();
  world.market();
  await world.quoted();
  expect(await world.accept()).toBe('pending');
  const [quote] = [...world.store.rfq.quotes.values()];
  const offered = quote?.ask;
  if (quote === undefined || offered == null) throw new Error('There is no quote.');
  const accept = (clientOrderId: string) =>
    acceptQuote(portsOf(world), ACCESS, {
      ...{ accountId: ANNA, rfqId: RFQ, quoteId: quote.id, symbol: SYMBOL, side: 'BUY' },
      ...offered,
      ...{ clientOrderId, maxSlippageBps: 0, comparisonToken: null },
    });
  const load = world.store.load.bind(world.store);
  const lose = () => {
    world.store.load = () => Promise.reject(new NotOwnerError());
    world.desk.journal.resign();
  };
  lose();
  expect(await accept(`o-${RFQ}`)).toMatchObject({ kind: 'unknown' });
  await expect(accept('another')).rejects.toThrow(NotOwnerError);
  world.store.load = load;
  await world.answerHold();
  lose();
  expect(await accept(`o-${RFQ}`)).toMatchObject({
    ...{ kind: 'filled', replayed: true },
    order: { id: orderIdOf(RFQ), state: { status: 'FILLED' } },
  });
});
