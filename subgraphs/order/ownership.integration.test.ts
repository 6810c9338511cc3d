// Two real processes on one order store: one owns the books, the other stands by.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import type { TestTrader } from './test-trader.ts';

const PLACE = /* GraphQL */ `
  mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      __typename
    }
  }
`;

/** Two processes at once on a busy machine. */
const STARTS_WITHIN_MS = 90_000;

class OrderProcess {
  readonly #desk: TestDesk;
  readonly #process: ChildProcess;
  #log = '';
  #client: SubgraphClient | null = null;
  /** Whether it was told to end. */
  isEnding = false;

  constructor(desk: TestDesk) {
    this.#desk = desk;
    this.#process = spawn(process.execPath, ['--import', 'tsx', 'subgraphs/order/main.ts'], {
      env: {
        ...{ PATH: process.env['PATH'], HOME: process.env['HOME'] },
        ...{ NODE_ENV: 'test', LOG_LEVEL: 'info', ...desk.orderVariables(0) },
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()));
  }

  /** @throws Error as long as it has not told where it listens */
  get client(): SubgraphClient {
    const origin = this.#origin;
    if (origin === undefined) throw new Error(`It does not listen: ${this.#log}`);
    this.#client ??= this.#desk.clientOf(origin);
    return this.#client;
  }

  /** Where it listens, on a port that nobody else can have taken meanwhile. */
  get #origin(): string | undefined {
    return /"origin":"([^"]+)"/.exec(this.#log)?.[1];
  }

  /** 200 for the owner, 503 for one that stands by, 0 for one that does not answer. */
  async health(): Promise<number> {
    if (this.#origin === undefined) return 0;
    const signal = AbortSignal.timeout(1000);
    const answer = await fetch(`${this.#origin}/health/ready`, { signal }).catch(() => null);
    return answer?.status ?? 0;
  }

  /** What it says that it waits for. */
  async waitingFor(): Promise<unknown> {
    const answer = await fetch(`${this.#origin}/health/ready`);
    return ((await answer.json()) as { waitingFor?: unknown }).waitingFor;
  }

  signal(signal: NodeJS.Signals): void {
    this.isEnding ||= signal === 'SIGKILL' || signal === 'SIGTERM';
    this.#process.kill(signal);
  }

  async end(): Promise<void> {
    await this.#client?.close();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

async function place(trader: TestTrader, { client }: OrderProcess, clientOrderId: string) {
  const input = trader.limit('BUY', '0.001', '50000', { clientOrderId });
  const { data, errors } = await client.request({
    ...{ query: PLACE, variables: { input }, viewer: trader.viewer },
    ...{ requestId: 'test', timeoutMs: 10_000 },
  });
  const { placeOrder } = (data ?? {}) as { placeOrder?: { __typename: string } };
  const [error] = (errors ?? []) as readonly { extensions: { code: string } }[];
  return placeOrder?.__typename ?? error?.extensions.code;
}

describe('of two order processes', { timeout: 150_000 }, () => {
  let desk: TestDesk;
  const processes: OrderProcess[] = [];
  beforeAll(async () => {
    desk = await startTestDesk();
    await desk.order.stop();
  });
  afterAll(async () => {
    for (const one of processes) await one.end();
    await desk.stop();
  });

  /** Both of them, whichever they are by now: one that a test has ended is another one. */
  const both = async () => {
    for (const ended of processes.filter((one) => one.isEnding)) {
      await ended.end();
      processes.splice(processes.indexOf(ended), 1);
    }
    while (processes.length < 2) processes.push(new OrderProcess(desk));
    const healths = () => Promise.all(processes.map((one) => one.health()));
    const found = await until(
      healths,
      (all) => all.toSorted().join() === '200,503',
      STARTS_WITHIN_MS,
    );
    const [first, second] = processes as [OrderProcess, OrderProcess];
    const [owner, standby] = found[0] === 200 ? [first, second] : [second, first];
    return { owner, standby, trader: await desk.aTrader({ USDT: '10000' }) };
  };

  it('one does nothing while the other lives, and takes over when it is killed', async () => {
    const { owner, standby, trader } = await both();
    expect(await place(trader, owner, 'first')).toBe('OrderAccepted');
    expect(await place(trader, standby, 'second')).toBe('UNAVAILABLE');
    expect(await standby.waitingFor()).toEqual(['order books']);
    owner.signal('SIGKILL');
    await until(
      () => standby.health(),
      (status) => status === 200,
    );
    expect(await place(trader, standby, 'second')).toBe('OrderAccepted');
    expect(await place(trader, standby, 'first')).toBe('OrderAccepted');
    expect(await trader.balances()).toEqual({ USDT: '10000/100.1/9899.9' });
  });

  it('one that was away for a while writes nothing once the other has taken over', async () => {
    const { owner, standby, trader } = await both();
    expect(await place(trader, owner, 'first')).toBe('OrderAccepted');
    owner.signal('SIGSTOP');
    await until(
      () => standby.health(),
      (status) => status === 200,
    );
    expect(await place(trader, standby, 'second')).toBe('OrderAccepted');
    const late = place(trader, owner, 'third');
    owner.signal('SIGCONT');
    expect(await late).toBe('UNAVAILABLE');
    await until(
      () => owner.health(),
      (status) => status === 503,
    );
    expect(await trader.balances()).toEqual({ USDT: '10000/100.1/9899.9' });
    expect(await place(trader, standby, 'third')).toBe('OrderAccepted');
  });

  it('one that stops in peace lets the other begin at once, with all that was open', async () => {
    const { owner, standby, trader } = await both();
    expect(await place(trader, owner, 'first')).toBe('OrderAccepted');
    owner.signal('SIGTERM');
    await until(
      () => standby.health(),
      (status) => status === 200,
    );
    const { data } = await standby.client.request({
      query:
        'query ($id: ID!) { orders(accountId: $id, filter: { isOpen: true }) { edges { node { clientOrderId } } } }',
      variables: { id: trader.accountId },
      ...{ viewer: trader.viewer, requestId: 'test', timeoutMs: 5000 },
    });
    expect(data).toEqual({ orders: { edges: [{ node: { clientOrderId: 'first' } }] } });
  });
});
