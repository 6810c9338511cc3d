import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { inject } from 'vitest';
import { freePort } from '#shared/environment/free-port.ts';
import type { PassportKey } from '#shared/identity/passport.ts';
import type { StoreName } from '../../../prisma/store-name.ts';
import { makeDeskSecrets } from './desk-secrets.ts';
import type { DeskOptions, StartedDesk, UnitName } from './harness.ts';
import { poll } from './poll.ts';

const READY_WITHIN_MS = 110_000;
/** A port that was free may be taken before a process has started that is to listen there. */
const PORT_ATTEMPTS = 5;

/** Starts the four servers as processes of their own, with Redis between them, as in production. */
export async function startAsProcesses(
  databaseUrls: Readonly<Record<StoreName, string>>,
  options: DeskOptions,
): Promise<StartedDesk> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnFreePorts(databaseUrls, options);
    } catch (cause) {
      if (attempt === PORT_ATTEMPTS || !String(cause).includes('EADDRINUSE')) throw cause;
    }
  }
}

async function startOnFreePorts(
  databaseUrls: Readonly<Record<StoreName, string>>,
  options: DeskOptions,
): Promise<StartedDesk> {
  const secrets = makeDeskSecrets();
  const text = ({ kid, secret }: PassportKey) => `${kid}=${secret}`;
  const keys = (name: StoreName) => secrets.accepted[name].map(text).join(',');
  const [account, marketData, order, gateway] = await Promise.all([0, 0, 0, 0].map(freePort));
  const url = (port: number | undefined) => `http://127.0.0.1:${port}`;
  const bus = { REDIS_URL: inject('redisUrl') ?? '', EVENT_PREFIX: `e2e-${randomUUID()}` };
  const settings = { NODE_ENV: 'test', LOG_LEVEL: 'error', ...bus };
  const processes: Readonly<Record<UnitName, UnitProcess>> = {
    account: new UnitProcess('subgraphs/account/main.ts', url(account), {
      ...settings,
      PORT: String(account),
      DATABASE_URL: databaseUrls.account,
      PASSPORT_KEYS: keys('account'),
      ACCESS_TOKEN_KEY: secrets.accessTokenKey,
      SIGN_UP: '1',
    }),
    'market-data': new UnitProcess('subgraphs/market-data/main.ts', url(marketData), {
      ...settings,
      PORT: String(marketData),
      DATABASE_URL: databaseUrls['market-data'],
      PASSPORT_KEYS: keys('market-data'),
      ...feedVariables(options),
    }),
    order: new UnitProcess('subgraphs/order/main.ts', url(order), {
      ...settings,
      PORT: String(order),
      DATABASE_URL: databaseUrls.order,
      PASSPORT_KEYS: keys('order'),
      ACCOUNT_URL: url(account),
      ACCOUNT_PASSPORT_KEY: text(secrets.order.account),
      MARKET_DATA_URL: url(marketData),
      MARKET_DATA_PASSPORT_KEY: text(secrets.order['market-data']),
      HOUSE_SPREAD_BPS: String(options.houseSpreadBps ?? 2),
      HOUSE_LEVELS: '10',
      HOUSE_SIZE_PERCENT: '100',
    }),
    gateway: new UnitProcess('gateway/main.ts', url(gateway), {
      ...bus,
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      PORT: String(gateway),
      ACCOUNT_URL: url(account),
      ACCOUNT_PASSPORT_KEY: text(secrets.gateway.account),
      MARKET_DATA_URL: url(marketData),
      MARKET_DATA_PASSPORT_KEY: text(secrets.gateway['market-data']),
      ORDER_URL: url(order),
      ORDER_PASSPORT_KEY: text(secrets.gateway.order),
      EXPLORER: '1',
      INTROSPECTION: '1',
    }),
  };
  const stop = async () => {
    for (const unit of Object.values(processes).reverse()) await unit.stop();
  };
  try {
    await Promise.all(Object.values(processes).map((unit) => unit.untilReady()));
  } catch (cause) {
    await stop();
    throw cause;
  }
  return {
    gateway: url(gateway),
    subgraphs: { account: url(account), 'market-data': url(marketData), order: url(order) },
    killAndStart: (unit) => processes[unit].killAndStart(),
    crash: (unit, at, meanwhile) => processes[unit].crash(at, meanwhile),
    stop,
  };
}

function feedVariables(options: DeskOptions): Readonly<Record<string, string>> {
  return {
    FEED: options.feed ?? 'sim',
    FEED_SPEED: options.feedSpeed ?? '1',
    FEED_START: options.feedStart ?? 'immediately',
    SIM_SEED: '1',
    ...(options.maxQuoteAgeMs === undefined
      ? {}
      : { MAX_QUOTE_AGE_MS: String(options.maxQuoteAgeMs) }),
  };
}

/** One unit's process, ended by its own id. */
class UnitProcess {
  readonly #entry: string;
  readonly #url: string;
  readonly #variables: Readonly<Record<string, string>>;
  #process: ChildProcess;
  #output = '';

  constructor(entry: string, url: string, variables: Readonly<Record<string, string>>) {
    this.#entry = entry;
    this.#url = url;
    this.#variables = variables;
    this.#process = this.#spawn();
  }

  /** Waits for `/health/ready`. @throws Error with what the process wrote when it does not come up */
  async untilReady(): Promise<void> {
    await poll(async () => {
      if (this.#hasEnded) throw new Error(`${this.#entry} ended early: ${this.#output}`);
      const response = await fetch(`${this.#url}/health/ready`).catch(() => null);
      return response?.ok === true;
    }, READY_WITHIN_MS);
  }

  /** Ends it without a warning, and starts it again; resolves when it is ready. */
  async killAndStart(): Promise<void> {
    await this.#end('SIGKILL');
    this.#process = this.#spawn();
    await this.untilReady();
  }

  /**
   * Lets it run until it dies at a point, again until it dies at the next, and then without that, while
   * something is done. When a point is not reached it is killed afterwards. @returns whether it died by
   * itself at each
   */
  async crash(at: readonly string[], meanwhile: () => Promise<void>): Promise<boolean> {
    await this.#end('SIGKILL');
    let work: Promise<void> | null = null;
    let hasDied = true;
    for (const point of at) {
      this.#process = this.#spawn({ CRASH_AT: point });
      const died = once(this.#process, 'exit').then(() => true);
      work ??= meanwhile();
      hasDied &&= await Promise.race([died, work.then(() => false)]);
      await this.#end('SIGKILL');
    }
    this.#process = this.#spawn();
    await Promise.all([this.untilReady(), work]);
    return hasDied;
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #spawn(more: Readonly<Record<string, string>> = {}): ChildProcess {
    const preloads = ['--import', 'tsx', '--import', './gateway/e2e/support/end-with-tests.ts'];
    const child = spawn(process.execPath, [...preloads, this.#entry], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...this.#variables, ...more },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    return child;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#hasEnded) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exited;
  }
}
