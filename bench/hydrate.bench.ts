import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { hydratedOperation } from './feed/operations.ts';
import { Measurements } from './rows.ts';
import { inTurns } from './turns.ts';
import { hive, ours } from './variants.ts';

const CLIENTS = 300;
/** While the fields of one event are fetched, others may come. */
const TICKS_OUT = 4;

/** Live quotes with a field of each of two other subgraphs. */
export const benchmark: Benchmark = {
  description: `Quotes with fields of two other subgraphs to ${CLIENTS} sockets, ours beside Hive.`,
  rounds: 5,
  run: measure,
};

async function measure(options: BenchmarkOptions): Promise<Findings> {
  const figures = new Measurements();
  const notes = await inTurns({
    ...options,
    variants: [hive, ours],
    turn: async ({ round, name, load, fixture }) => {
      const add = (key: string, value: number) => figures.add({ round, key, variant: name, value });
      await load.connect(CLIENTS, hydratedOperation());
      add('upstreamOperations', (await fixture.counts()).upstream.open);
      add('hydrated', await load.deliveriesPerSecond(1, TICKS_OUT));
    },
  });
  return {
    rows: [
      figures.row('hydrated', 'deliveries/s'),
      figures.row('upstreamOperations', 'operations open at the subgraph'),
    ],
    notes,
  };
}
