import type { Logger } from '#shared/logging/logger.ts';
import type { GatewayMetrics } from '../../metrics/gateway-metrics.ts';
import { createTestDatabase } from '../../../prisma/test-database.ts';
import { seedAccount } from '../../../prisma/account/seed.ts';
import { cheapPasswords } from '../../../prisma/account/test-passwords.ts';
import {
  type SeededTrader,
  type TraderSeed,
  TraderSeeds,
} from '../../../prisma/account/test-seed-trader.ts';
import { seedMarketData } from '../../../prisma/market-data/seed.ts';
import { STORE_NAMES, type StoreName } from '../../../prisma/store-name.ts';
import { startInOneProcess } from './one-process.ts';
import { startAsProcesses } from './processes.ts';
import { type ClientIdentity, TraderClient } from './trader-client.ts';

/** What a scenario can choose of the desk it runs on. */
export interface DeskOptions {
  /** As the variable FEED; a quiet, seeded simulation if omitted. */
  readonly feed?: string;
  /** As the variable FEED_SPEED. */
  readonly feedSpeed?: string;
  /** As the variable FEED_START. */
  readonly feedStart?: 'immediately' | 'first-subscription';
  /** How old a quote may be to trade on it; a recording that has ended grows old. */
  readonly maxQuoteAgeMs?: number;
  /** Where everything is logged, in one process; nothing is if omitted. */
  readonly logger?: Logger;
  /** Where the gateway files what it measures, in one process. */
  readonly metrics?: GatewayMetrics;
  /** What the house adds to either side, in basis points. */
  readonly houseSpreadBps?: number;
}

/** Where a started desk is reached. */
interface DeskAddresses {
  /** The gateway's origin, like `http://127.0.0.1:4000`. */
  readonly gateway: string;
  /** Each subgraph's origin. */
  readonly subgraphs: Readonly<Record<StoreName, string>>;
}

/** @returns whether every point was reached */
type Crash = (
  unit: UnitName,
  at: readonly string[],
  meanwhile: () => Promise<void>,
) => Promise<boolean>;

/** What a desk is made of. */
export type UnitName = StoreName | 'gateway';

/** Four started servers, by either way of running them. */
export interface StartedDesk extends DeskAddresses {
  /** Kills one unit and starts it again; null if the units are not processes of their own. */
  readonly killAndStart: ((unit: UnitName) => Promise<void>) | null;
  /** Lets one unit die at a point in the middle of some work, and starts it again. */
  readonly crash: Crash | null;
  stop(): Promise<void>;
}

/** What a client can have besides an account. */
interface TraderOptions {
  /** Lets them sign in; its hash is a cheap one, which is verified at its own cost. */
  readonly password?: string;
}

/** A whole desk on stores of its own: the real gateway and three real subgraphs on free ports. */
export interface Desk extends DeskAddresses {
  readonly databaseUrls: Readonly<Record<StoreName, string>>;
  /** A new client with one account, funded through the ledger: `aTrader({ USDT: '1000' })`. */
  aTrader(
    balances?: Readonly<Record<string, string>>,
    options?: TraderOptions,
  ): Promise<TraderClient>;
  /** A new client with several accounts of the same balances. */
  aTraderWith(
    accounts: number,
    balances: Readonly<Record<string, string>>,
    options?: TraderOptions,
  ): Promise<TraderClient>;
  /** Somebody without a credential. */
  anonymous(): TraderClient;
  /** Somebody who came to an account and a key by themselves. */
  aClientWith(identity: ClientIdentity): TraderClient;
  /** Kills one unit, starts it again and waits until it is ready. @throws Error in one process */
  killAndStart(unit: UnitName): Promise<void>;
  /** See {@link StartedDesk.crash}. @throws Error in one process */
  readonly crash: Crash;
  stop(): Promise<void>;
}

/** Whether the scenarios run on separate processes and Redis instead of one process. */
export const runsAsProcesses = process.env['E2E_MODE'] === 'processes';

/** A started desk, its stores, and nobody on it yet. */
export interface RunningDesk extends StartedDesk {
  readonly databaseUrls: Desk['databaseUrls'];
  /** Adds somebody to the store. */
  addTrader(seed: TraderSeed): Promise<SeededTrader>;
}

/** Starts the stores and servers of a desk; `stop()` ends them. */
export async function runDesk(options: DeskOptions): Promise<RunningDesk> {
  const databases = await Promise.all(
    STORE_NAMES.map(async (name) => ({ name, ...(await createTestDatabase(name)) })),
  );
  const databaseUrls = Object.fromEntries(databases.map(({ name, url }) => [name, url])) as Record<
    StoreName,
    string
  >;
  await Promise.all([
    seedAccount(databaseUrls.account),
    seedMarketData(databaseUrls['market-data']),
  ]);
  const started = await (runsAsProcesses ? startAsProcesses : startInOneProcess)(
    databaseUrls,
    options,
  );
  const [seeds, passwords] = [new TraderSeeds(databaseUrls.account), cheapPasswords()];
  return {
    ...started,
    databaseUrls,
    addTrader: (seed) => seeds.add({ passwords, ...seed }),
    stop: async () => {
      await seeds.close();
      passwords.close();
      await started.stop();
      await Promise.all(databases.map(({ drop }) => drop()));
    },
  };
}

/**
 * A running desk as one file of scenarios has it, with clients of its own.
 * @param leave what `stop()` does, before it closes the clients
 */
export function deskOn(
  { gateway, subgraphs, databaseUrls, addTrader, ...running }: RunningDesk,
  leave: (clients: readonly TraderClient[]) => Promise<void>,
): Desk {
  const clients: TraderClient[] = [];
  const aClientWith = (identity: ClientIdentity | null) => {
    const client = new TraderClient(gateway, identity);
    clients.push(client);
    return client;
  };
  let traders = 0;
  const aTraderWith: Desk['aTraderWith'] = async (accounts, balances, more = {}) => {
    const name = `trader-${(traders += 1)}`;
    return aClientWith(await addTrader({ name, balances, moreAccounts: accounts - 1, ...more }));
  };
  return {
    gateway,
    subgraphs,
    databaseUrls,
    aTrader: (balances = {}, more = {}) => aTraderWith(1, balances, more),
    aTraderWith,
    aClientWith,
    killAndStart: async (unit) => {
      if (running.killAndStart === null) throw new Error('There is only one process.');
      await running.killAndStart(unit);
    },
    crash: async (...args) => {
      if (running.crash === null) throw new Error('There is only one process.');
      return running.crash(...args);
    },
    anonymous: () => aClientWith(null),
    stop: async () => {
      await leave(clients);
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

/** Starts a desk of one's own; `stop()` ends its clients, its servers and its databases. */
export async function startDesk(options: DeskOptions = {}): Promise<Desk> {
  const running = await runDesk(options);
  const desk = deskOn(running, () => Promise.resolve());
  return {
    ...desk,
    stop: async () => {
      await desk.stop();
      await running.stop();
    },
  };
}
