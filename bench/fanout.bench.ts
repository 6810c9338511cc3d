import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { quotesOperation } from './feed/operations.ts';
import { Measurements, OURS } from './rows.ts';
import { inTurns, type Turn } from './turns.ts';
import { hive, inProcess, ours } from './variants.ts';

const CLIENTS = 1000;
const BURST = 10;
/** The share of the peer's throughput at which latency is compared, so that neither is overloaded. */
const SHARE_OF_PEER_RATE = 0.5;
/** The baseline for the memory of all variants. */
const BARE = 'ws';

const VARIANTS = [hive, ours, inProcess('graphql-ws'), inProcess('mercurius'), inProcess(BARE)];
/** Variants that also get bursts; the others do no better with bursts than with single events. */
const BURST_TAKERS: readonly string[] = [OURS, 'graphql-ws', BARE];
/** Variants compared at a fixed rate: those with a subgraph behind them. */
const PACED: readonly string[] = [OURS, 'hive'];

/** Live quotes to a thousand sockets: throughput, bursts, memory and latency. */
export const benchmark: Benchmark = {
  description: `Quotes of about 230 bytes to ${CLIENTS} sockets, ours beside its peers.`,
  rounds: 5,
  run: measure,
};

async function measure(options: BenchmarkOptions): Promise<Findings> {
  const figures = new Measurements();
  const memory = new Measurements();
  const notes = await inTurns({
    ...options,
    variants: VARIANTS,
    first: 'hive', // its rate sets the pace of the round
    turn: async (turn) => {
      await measureMemory(turn, memory);
      await measureRates(turn, figures);
    },
  });
  return {
    rows: [
      figures.row('single', 'deliveries/s'),
      figures.row('burst10', 'deliveries/s'),
      memory.rowOver(BARE, 'memory', `KB per idle subscribed socket over raw ${BARE}`),
      ...(figures.has('p99') ? [figures.row('p99', 'ms from feed to client')] : []),
    ],
    notes: [
      ...notes,
      `graphql-ws, mercurius and ws make their events in their own process; ours and hive get them from a subgraph.`,
    ],
  };
}

async function measureMemory({ round, name, load }: Turn, memory: Measurements): Promise<void> {
  const value = await load.kilobytesPerSocket(CLIENTS, quotesOperation(1));
  memory.add({ round, key: 'memory', variant: name, value });
}

async function measureRates({ round, name, load }: Turn, figures: Measurements): Promise<void> {
  const add = (key: string, value: number) => figures.add({ round, key, variant: name, value });
  add('single', await load.deliveriesPerSecond(1));
  const peerRate = figures.valueOf('single', 'hive', round);
  if (PACED.includes(name) && peerRate !== undefined)
    add('p99', await load.p99((peerRate * SHARE_OF_PEER_RATE) / CLIENTS));
  if (!BURST_TAKERS.includes(name)) return;
  await load.connect(CLIENTS, quotesOperation(BURST));
  add('burst10', await load.deliveriesPerSecond(BURST));
}
