import { expect, it } from 'vitest';
import { NotOwnerError } from '../ports/not-owner-error.ts';
import { OneAtATime } from '../one-at-a-time.ts';
import { anInstrument, quantity } from '../test-orders.ts';
import { compareExecution, type CompareExecutionPorts } from './compare-execution.ts';

it('does not say that nothing was done where its request is recorded and nobody has the books any more', async () => {
  const what = { accountId: 'anna', clientRfqId: 'mine', symbol: 'BTC-USDT', side: 'BUY' } as const;
  const recorded = { ...what, id: 'rfq', size: { quantity: quantity('1'), quoteQuantity: null } };
  const ports = {
    rfqReads: { rfqByClientRfqId: () => Promise.resolve(recorded) },
    instruments: { find: () => Promise.resolve(anInstrument()) },
    twins: new OneAtATime(),
    newRfqId: () => 'another',
    newOrderId: () => 'order',
    newComparisonTokenId: () => 'token',
    comparisons: { compare: () => Promise.reject(new NotOwnerError()) },
  } as unknown as CompareExecutionPorts;
  const access = {
    ...{ userId: null, mayTrade: () => true, mayRead: () => true },
    ...{ mayRequestQuotes: () => true, mayStreamPrices: () => true, isMember: () => true },
  };
  const answer = await compareExecution(ports, access, { ...what, quantity: quantity('1') });
  expect(answer).toEqual({ kind: 'unknown', accountId: 'anna', clientRfqId: 'mine' });
});
