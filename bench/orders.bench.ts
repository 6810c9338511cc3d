import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { startOurDesk, startPlainDesk } from './orders/desks.ts';
import type { Door } from './orders/doors.ts';
import { type BenchStores, withBenchStores } from './orders/stores.ts';
import { trade } from './orders/trading.ts';
import { cpuSecondsOf, cpuSecondsOfTree } from './processes/cpu.ts';
import { rotated } from './rotated.ts';
import { Measurements, OURS } from './rows.ts';

const CLIENTS = 32;
const BATCH = 100;
/** Few of them are enough to keep the servers busy with batches. */
const BATCH_CLIENTS = 4;
/** The first thousands of orders run in code that is not compiled yet, and cost twice as much. */
const WARM_UP_MS = 6000;
const WINDOW_MS = 2500;
const MS_PER_SECOND = 1000;

const WORKLOADS = [
  { key: 'single32', clients: CLIENTS, batch: 1 },
  { key: 'batch100', clients: BATCH_CLIENTS, batch: BATCH },
  { key: 'latency1', clients: 1, batch: 1 },
] as const;

/** Suffixes of the reported processor times: all processes together, then each of ours. */
const PROCESSES = ['', 'Order', 'Account', 'Gateway', 'Postgres'] as const;

/** Orders that trade: stored, held, matched, stored, answered and settled. */
export const benchmark: Benchmark = {
  description:
    'Orders that all trade, durable and settled: ours beside one interactive transaction for each ' +
    '(without a ledger), and beside commits of one row.',
  rounds: 5,
  hasCommits: true,
  run: (options) =>
    withBenchStores({ pairs: CLIENTS, commitMs: options.commitMs }, (stores) =>
      measure(options, stores),
    ),
};

async function measure(options: BenchmarkOptions, stores: BenchStores): Promise<Findings> {
  const figures = new Measurements();
  for (let round = 0; round < options.rounds; round += 1) {
    options.report(`round ${round + 1} of ${options.rounds}`);
    const turns = [
      () => commits(figures, round, stores),
      () => ours(figures, round, stores),
      () => plain(figures, round, stores),
    ];
    for (const turn of rotated(turns, round)) await turn();
  }
  await stores.audit();
  const doors = ['', 'Gateway'];
  const rows = doors.flatMap((door) => [
    figures.row(`single32${door}`, 'orders/s'),
    figures.row(`batch100${door}`, 'orders/s'),
    figures.row(`latency1${door}`, 'ms, median of one client'),
    figures.row(`single32${door}P50`, 'ms'),
    figures.row(`single32${door}P99`, 'ms'),
    ...WORKLOADS.flatMap(({ key }) =>
      PROCESSES.map((name) => cpuKey(key, door, name))
        .filter((name) => figures.has(name))
        .map((name) => figures.row(name, 'ms of a processor, an order')),
    ),
  ]);
  return {
    rows,
    notes: [
      'keys with Gateway go through the gateway, the others into the order subgraph',
      'plain: on tables of its own; a batch is as many requests, one after the other',
      'Cpu: of all servers and PostgreSQL together; then of each (account includes market data, which does nothing)',
      'commits: rows a second on one connection, one commit each; for latency1 the time of one',
    ],
  };
}

async function commits(figures: Measurements, round: number, stores: BenchStores): Promise<void> {
  const perSecond = await stores.commitsPerSecond();
  for (const door of ['', 'Gateway']) {
    for (const key of ['single32', 'batch100'])
      figures.add({ round, key: key + door, variant: 'commits', value: perSecond });
    const value = MS_PER_SECOND / perSecond;
    figures.add({ round, key: `latency1${door}`, variant: 'commits', value });
  }
}

async function ours(figures: Measurements, round: number, stores: BenchStores): Promise<void> {
  const desk = await startOurDesk(stores);
  const common = { round, variant: OURS, servers: desk.servers };
  try {
    await work(figures, { ...common, suffixes: [''], door: desk.doors.subgraph }, stores);
    await work(figures, { ...common, suffixes: ['Gateway'], door: desk.doors.gateway }, stores);
  } finally {
    await desk.stop();
  }
}

async function plain(figures: Measurements, round: number, stores: BenchStores): Promise<void> {
  const { doors, servers, stop } = await startPlainDesk(stores);
  try {
    const turn = { round, variant: 'plain', suffixes: ['', 'Gateway'], door: doors.plain, servers };
    await work(figures, turn, stores);
  } finally {
    await stop();
  }
}

async function work(
  figures: Measurements,
  turn: {
    readonly round: number;
    readonly variant: string;
    /** The keys of the figures. */
    readonly suffixes: readonly string[];
    readonly door: Door;
    readonly servers: Readonly<Record<string, number>>;
  },
  { pairs, untilSettled, postgresPid }: BenchStores,
): Promise<void> {
  const { door, suffixes, round, variant, servers } = turn;
  await trade({ door, pairs, batch: 1, windowMs: WARM_UP_MS, untilSettled });
  for (const { key, clients, batch } of WORKLOADS) {
    const some = pairs.slice(0, clients);
    const before = cpuSeconds(servers, postgresPid);
    const { orders, ordersPerSecond, p50, p99 } = await trade({
      ...{ door, pairs: some, batch, windowMs: WINDOW_MS, untilSettled },
    });
    const after = cpuSeconds(servers, postgresPid);
    for (const suffix of suffixes) {
      const add = (name: string, value: number) =>
        figures.add({ round, key: name, variant, value });
      add(`${key}${suffix}`, key === 'latency1' ? p50 : ordersPerSecond);
      if (key === 'single32') add(`${key}${suffix}P50`, p50);
      if (key === 'single32') add(`${key}${suffix}P99`, p99);
      for (const [name, seconds] of after)
        add(
          cpuKey(key, suffix, name),
          ((seconds - (before.get(name) ?? 0)) * MS_PER_SECOND) / orders,
        );
    }
  }
}

/** By the names of {@link PROCESSES}. */
function cpuSeconds(
  servers: Readonly<Record<string, number>>,
  postgresPid: number,
): ReadonlyMap<string, number> {
  const each = Object.entries(servers).map(([name, pid]): [string, number] => [
    name.charAt(0).toUpperCase() + name.slice(1),
    cpuSecondsOf(pid),
  ]);
  const all = new Map([...each, ['Postgres', cpuSecondsOfTree(postgresPid)]]);
  return new Map([['', [...all.values()].reduce((sum, one) => sum + one, 0)], ...all]);
}

function cpuKey(workload: string, door: string, process: string): string {
  return `${workload}${door}Cpu${process}`;
}
