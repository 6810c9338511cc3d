import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeededTrader } from '../../prisma/account/test-seed-trader.ts';
import { startTestServer, type TestServer, viewerOf } from './test-server.ts';

const STREAM = `subscription ($id: ID!, $after: String) { balanceChanged(accountId: $id, after: $after) {
  __typename
  ... on BalanceSnapshot { sequence cursor account { id name } balances { asset { code } total } }
  ... on BalanceChange {
    sequence previousSequence cursor account { id } balances { asset { code } total sequence }
    cause { type transferId }
  }
  ... on StreamResumed { afterSequence replayed }
  ... on StreamHeartbeat { sequence serverTime }
} }`;
const DEPOSIT = `mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }`;

interface Frame {
  readonly __typename: string;
  readonly sequence: string;
  readonly previousSequence?: string;
  readonly cursor: string;
}
interface Data {
  readonly balanceChanged: Frame;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const open = (trader: SeededTrader, after?: string) =>
  server.subgraph.subscribe<Data>(viewerOf(trader), STREAM, { id: trader.accountId, after });

const deposit = ({ accountId, ...trader }: SeededTrader, transferId: string) =>
  server.subgraph.request(viewerOf({ accountId, ...trader }), DEPOSIT, {
    input: { transferId, accountId, asset: 'USDT', amount: '1' },
  });

async function take(stream: ReturnType<typeof open>, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  while (frames.length < count) {
    const { value, done } = await stream.next();
    if (done === true) throw new Error(`The stream ended after ${frames.length} frames.`);
    const data = (value as { data?: Data | null }).data;
    if (data == null) throw new Error(`The stream said ${JSON.stringify(value)}.`);
    // Heartbeats come by the clock.
    if (data.balanceChanged.__typename !== 'StreamHeartbeat') frames.push(data.balanceChanged);
  }
  return frames;
}

describe('balance stream', () => {
  it('begins with all balances and goes on with each change and its cause', async () => {
    const trader = await server.aTrader({ BTC: '2' });
    const stream = open(trader);
    const [snapshot] = await take(stream, 1);
    expect(snapshot).toMatchObject({
      __typename: 'BalanceSnapshot',
      sequence: '1',
      account: { id: trader.accountId },
      balances: [{ asset: { code: 'BTC' }, total: '2.00000000' }],
    });
    await deposit(trader, 'd1');
    const [change] = await take(stream, 1);
    expect(change).toMatchObject({
      __typename: 'BalanceChange',
      sequence: '2',
      previousSequence: '1',
      balances: [{ asset: { code: 'USDT' }, total: '1.00000000', sequence: '2' }],
      cause: { type: 'DEPOSIT', transferId: 'd1' },
    });
    await stream.return?.();
  });

  it('gives every event once while a hundred come, to who joins and to who resumes', async () => {
    const trader = await server.aTrader();
    const first = open(trader);
    await take(first, 1);
    const changes = Promise.all(Array.from({ length: 100 }, (_, n) => deposit(trader, `n${n}`)));
    const some = await take(first, 20);
    await first.return?.();
    const [resuming, joining] = [open(trader, some.at(-1)?.cursor), open(trader)];
    const [[resumed], [snapshot]] = [await take(resuming, 1), await take(joining, 1)];
    expect(resumed).toMatchObject({ __typename: 'StreamResumed', afterSequence: '20' });
    const joinedAt = Number(snapshot?.sequence);
    const rest = await take(resuming, 80);
    const joined = await take(joining, 100 - joinedAt);
    await changes;
    const sequences = (frames: readonly Frame[]) => frames.map(({ sequence }) => Number(sequence));
    expect(sequences([...some, ...rest])).toEqual(range(1, 100));
    expect(sequences(joined)).toEqual(range(joinedAt + 1, 100));
    await resuming.return?.();
    await joining.return?.();
  });

  it("is refused for someone else's account, for none, and behind a malformed cursor", async () => {
    const [trader, other] = [await server.aTrader(), await server.aTrader()];
    for (const [id, after, code] of [
      [other.accountId, null, 'NOT_FOUND'],
      ['nothing', null, 'NOT_FOUND'],
      [trader.accountId, 'nonsense', 'BAD_USER_INPUT'],
    ] as const) {
      const stream = server.subgraph.subscribe<Data>(viewerOf(trader), STREAM, { id, after });
      expect((await stream.next()).value).toMatchObject({ errors: [{ extensions: { code } }] });
    }
  });
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}
