import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { startQuotingDesk } from './orders/desks.ts';
import { type BenchStores, withBenchStores } from './orders/stores.ts';
import { followLevels } from './rfq/levels.ts';
import { quoteAndAccept } from './rfq/quoting.ts';
import { Measurements, OURS } from './rows.ts';

const CLIENTS = 50;
/** Sockets that follow levels: ten for each trader there is. */
const FOLLOWERS = 1000;
const WARM_UP_MS = 1500;
const WINDOW_MS = 2500;
const MS_PER_SECOND = 1000;
const COUNTS = [
  { suffix: '', clients: 1 },
  { suffix: '50', clients: CLIENTS },
] as const;
const FIGURES = ['firstQuote', 'accept'] as const;

/**
 * Quotes on request, from the request to the first quote and from the accept to its result; and levels, from the price to
 * a thousand clients.
 */
export const benchmark: Benchmark = {
  description:
    'Quotes on request at the order subgraph, with 1 and 50 clients: stored, held at the account ' +
    'subgraph, looked at, filled and stored; beside commits of one row on the same disk. ' +
    `And levels of three quantities to ${FOLLOWERS} sockets of the gateway, on a market that moves.`,
  rounds: 5,
  hasCommits: true,
  run: (options) =>
    withBenchStores({ pairs: CLIENTS, commitMs: options.commitMs }, (stores) =>
      measure(options, stores),
    ),
};

async function measure(options: BenchmarkOptions, stores: BenchStores): Promise<Findings> {
  const figures = new Measurements();
  const keys = COUNTS.flatMap(({ suffix }) => FIGURES.map((name) => `${name}${suffix}`));
  for (let round = 0; round < options.rounds; round += 1) {
    options.report(`round ${round + 1} of ${options.rounds}`);
    const value = MS_PER_SECOND / (await stores.commitsPerSecond());
    for (const key of keys) {
      figures.add({ round, key, variant: 'commits', value });
      figures.add({ round, key: `${key}P99`, variant: 'commits', value });
    }
    await ours(figures, round, stores);
  }
  await stores.audit();
  return {
    rows: [
      ...[...keys, 'levels'].flatMap((key) => [
        figures.row(key, 'ms, median'),
        figures.row(`${key}P99`, 'ms, 99th of 100'),
      ]),
      figures.row('levelsRate', 'deliveries/s'),
    ],
    notes: ['commits: the time of one commit of one row; the ratio is in commits'],
  };
}

async function ours(figures: Measurements, round: number, stores: BenchStores): Promise<void> {
  const desk = await startQuotingDesk(stores);
  const traders = stores.pairs.map(({ buyer }) => buyer);
  try {
    await quoteAndAccept(desk.client, traders, WARM_UP_MS);
    for (const { suffix, clients } of COUNTS) {
      const found = await quoteAndAccept(desk.client, traders.slice(0, clients), WINDOW_MS);
      await stores.untilSettled();
      for (const name of FIGURES) {
        const add = (key: string, value: number) =>
          figures.add({ round, key, variant: OURS, value });
        add(`${name}${suffix}`, found[name].p50);
        add(`${name}${suffix}P99`, found[name].p99);
      }
    }
    await desk.moveMarket();
    const everybody = stores.pairs.flatMap(({ buyer, seller }) => [buyer, seller]);
    const times = { clients: FOLLOWERS, warmUpMs: WARM_UP_MS, windowMs: WINDOW_MS };
    const levels = await followLevels(desk.gateway, everybody, times);
    figures.add({ round, key: 'levels', variant: OURS, value: levels.p50 });
    figures.add({ round, key: 'levelsP99', variant: OURS, value: levels.p99 });
    figures.add({ round, key: 'levelsRate', variant: OURS, value: levels.perSecond });
  } finally {
    await desk.stop();
  }
}
