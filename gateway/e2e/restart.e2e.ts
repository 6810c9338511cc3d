import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readPostmaster } from '../../prisma/embedded/postmaster.ts';
import { type BalanceSheet, readBalances } from './support/balances.ts';
import { PLACE_ORDER, type PlaceOrderAnswer } from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { poll } from './support/poll.ts';
import { signedUp } from './support/signed-up.ts';
import { TraderClient } from './support/trader-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const UP_WITHIN_MS = 90_000;
/** A web page that can call the gateway. */
const PAGE = 'http://localhost:5173';

interface OpenOrders {
  readonly orders: {
    readonly edges: readonly {
      readonly node: { readonly clientOrderId: string; readonly status: string };
    }[];
  };
}

const OPEN_ORDERS = /* GraphQL */ `
  query OpenOrders($accountId: ID!) {
    orders(accountId: $accountId, filter: { isOpen: true }) {
      edges {
        node {
          clientOrderId
          status
        }
      }
    }
  }
`;

// `npm start` itself, killed without mercy. It is one process whatever the mode of the other
// scenarios, so it runs once.
describe('npm start, killed and started again', () => {
  const state = mkdtempSync(join(tmpdir(), 'deskgraph-restart-'));
  chmodSync(state, 0o755); // as root, PostgreSQL runs as another user and must get through
  const started: StartedDeskProcess[] = [];
  const start = () => {
    const desk = new StartedDeskProcess(state);
    started.push(desk);
    return desk;
  };
  afterAll(async () => {
    for (const desk of started) await desk.end('SIGTERM');
    rmSync(state, { recursive: true, force: true });
  });

  it(
    'has every order, hold and balance, and its book matches again',
    async () => {
      const first = start();
      let trader = await first.untilReady();
      expect(await first.pageThatCanCall()).toBe(PAGE);
      const buy = (clientOrderId: string, quantity: string, limitPrice: string) =>
        trader.request<PlaceOrderAnswer>(
          PLACE_ORDER,
          limitOrder({
            accountId: trader.accountId,
            clientOrderId,
            side: 'BUY',
            quantity,
            limitPrice,
          }),
        );
      const price = await priceUnderTheMarket(trader, 97n);
      const low = await priceUnderTheMarket(trader, 96n);
      expect((await buy('keep-1', '0.01', price)).placeOrder.order.status).toBe('ACCEPTED');
      expect((await buy('keep-2', '0.02', low)).placeOrder.order.status).toBe('ACCEPTED');
      const before: BalanceSheet = await readBalances(trader);
      await trader.close();
      await first.end('SIGKILL');

      const second = start();
      trader = await second.untilReady();
      expect(await readBalances(trader)).toEqual(before);
      const { orders } = await trader.request<OpenOrders>(OPEN_ORDERS, {
        accountId: trader.accountId,
      });
      expect(orders.edges.map(({ node }) => node.clientOrderId).sort()).toEqual([
        'keep-1',
        'keep-2',
      ]);
      // Somebody else, because orders of one user do not trade with each other.
      const other = await second.someoneNew({ asset: 'BTC', amount: '1' });
      const sold = await other.request<PlaceOrderAnswer>(
        PLACE_ORDER,
        limitOrder({
          accountId: other.accountId,
          clientOrderId: 'sell-1',
          side: 'SELL',
          quantity: '0.015',
          limitPrice: low,
        }),
      );
      expect(sold.placeOrder.order).toMatchObject({
        status: 'FILLED',
        fills: [
          { price, quantity: '0.01000' },
          { price: low, quantity: '0.00500' },
        ],
      });
      await Promise.all([trader.close(), other.close()]);
      second.closeTerminal();
      await second.end('SIGHUP');
      expect(second.exitCode()).toBe(0);

      const third = start();
      await (await third.untilReady()).close();
      third.killPostgres();
      await third.ended;
      expect(third.exitCode()).toBe(1);
    },
    4 * UP_WITHIN_MS,
  );
});

/** A price of the given percent of the market, on the tick. */
async function priceUnderTheMarket(trader: TraderClient, percent: bigint): Promise<string> {
  let price: string | null = null;
  await poll(async () => {
    const { instrument } = await trader.request<{ instrument: { markPrice: string | null } }>(
      'query { instrument(symbol: "BTC-USDT") { markPrice } }',
    );
    price = instrument.markPrice;
    return price !== null;
  });
  return `${(BigInt(String(price).split('.')[0] ?? '0') * percent) / 100n}.00`;
}

/** `npm start` on a state folder of its own and a free port. */
class StartedDeskProcess {
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  readonly #state: string;
  #output = '';
  #origin = '';

  constructor(state: string) {
    this.#state = state;
    this.#process = spawn(process.execPath, ['--import', 'tsx', 'start.ts'], {
      cwd: root,
      // The house stays away, so that only clients' orders can match.
      env: {
        ...process.env,
        STATE_DIR: state,
        PORT: '0',
        HOUSE_LEVELS: '0',
        ALLOWED_ORIGINS: PAGE,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.ended = new Promise((resolve) => this.#process.once('exit', () => resolve()));
  }

  /** Somebody who signs up, with this much in their account. */
  someoneNew(money: { readonly asset: string; readonly amount: string }): Promise<TraderClient> {
    return signedUp(this.#origin, money);
  }

  /** Waits for the card and answers the demo trader it tells of. */
  async untilReady(): Promise<TraderClient> {
    await poll(() => {
      if (this.#process.exitCode !== null) throw new Error(`npm start ended: ${this.#output}`);
      this.#origin = /(http:\/\/[\d.]+:\d+)\/graphql/.exec(this.#output)?.[1] ?? '';
      return Promise.resolve(this.#origin !== '');
    }, UP_WITHIN_MS);
    const apiKey = readFileSync(join(this.#state, 'demo-key'), 'utf8').trim();
    const anonymous = new TraderClient(this.#origin, { accountId: '', apiKey });
    const { viewer } = await anonymous.request<{ viewer: { accounts: readonly { id: string }[] } }>(
      'query { viewer { accounts { id } } }',
    );
    await anonymous.close();
    return new TraderClient(this.#origin, { accountId: viewer.accounts[0]?.id ?? '', apiKey });
  }

  /** The origin that the gateway allows when a page of {@link PAGE} asks. */
  async pageThatCanCall(): Promise<string | null> {
    const headers = { origin: PAGE, 'access-control-request-method': 'POST' };
    const reply = await fetch(`${this.#origin}/graphql`, { method: 'OPTIONS', headers });
    return reply.headers.get('access-control-allow-origin');
  }

  exitCode(): number | null {
    return this.#process.exitCode;
  }

  /** Nobody reads any more what it writes. */
  closeTerminal(): void {
    this.#process.stdout?.destroy();
    this.#process.stderr?.destroy();
  }

  killPostgres(): void {
    const { pid } = readPostmaster(join(this.#state, 'postgres', 'cluster')) ?? {};
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }

  /** Ends the process by its id and waits for it. */
  async end(signal: 'SIGHUP' | 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      this.#process.kill(signal);
    await this.ended;
  }
}
