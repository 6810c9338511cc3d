import type { AccountId } from '#shared/domain/ids.ts';
import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import { type BenchLedger, openOurLedger, openPlainLedger } from './orders/ledgers.ts';
import { type BenchStores, withBenchStores } from './orders/stores.ts';
import { rotated } from './rotated.ts';
import { Measurements, OURS } from './rows.ts';

const HOT_PAIRS = 8;
const WRITERS = 15;
const WINDOW_MS = 2500;
const MS_PER_SECOND = 1000;

/** Transfers between few accounts that everybody wants at once. */
export const benchmark: Benchmark = {
  description: `Transfers between ${HOT_PAIRS} hot accounts by ${WRITERS} writers: ours beside locked rows and serializable transactions.`,
  rounds: 5,
  hasCommits: true,
  run: (options) =>
    withBenchStores({ pairs: HOT_PAIRS, commitMs: options.commitMs }, (stores) =>
      measure(options, stores),
    ),
};

async function measure(options: BenchmarkOptions, { urls, pairs }: BenchStores): Promise<Findings> {
  const figures = new Measurements();
  const accounts = pairs.map(({ buyer }) => buyer.accountId);
  const variants: readonly (readonly [string, () => BenchLedger])[] = [
    [OURS, () => openOurLedger(urls.account)],
    ['forUpdate', () => openPlainLedger(urls.account, 'forUpdate')],
    ['serializable', () => openPlainLedger(urls.account, 'serializable')],
  ];
  for (let round = 0; round < options.rounds; round += 1) {
    options.report(`round ${round + 1} of ${options.rounds}`);
    for (const [variant, open] of rotated(variants, round)) {
      const ledger = open();
      const value = await transfersPerSecond(ledger, accounts);
      await ledger.close();
      figures.add({ round, key: 'transfers', variant, value });
    }
  }
  return {
    rows: [figures.row('transfers', 'transfers/s')],
    notes: [
      'ours stores two entries, a balance event for each account and the answer; the others two balances',
    ],
  };
}

async function transfersPerSecond(
  ledger: BenchLedger,
  accounts: readonly AccountId[],
): Promise<number> {
  const startedAt = performance.now();
  let transfers = 0;
  const write = async (writer: number) => {
    for (let count = writer; performance.now() - startedAt < WINDOW_MS; count += 1) {
      const from = accounts[count % accounts.length];
      const to = accounts[(count * 3 + 1 + writer) % accounts.length];
      if (from === undefined || to === undefined || from === to) continue;
      await ledger.transfer(from, to);
      transfers += 1;
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  return (transfers * MS_PER_SECOND) / (performance.now() - startedAt);
}
