import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, BenchmarkOptions, Findings } from './benchmark.ts';
import type { Tally } from './hostile/attackers.ts';
import { type AttackName, ATTACKS } from './hostile/attacks.ts';
import type { HonestTimes } from './hostile/honest-clients.ts';
import { startPublicDesk } from './orders/desks.ts';
import { type BenchStores, withBenchStores } from './orders/stores.ts';
import { Child } from './processes/child.ts';
import { cpuSecondsOf } from './processes/cpu.ts';
import { Measurements, OURS, quantileOfSorted } from './rows.ts';

const PAIRS = 8;
const WARM_UP_MS = 3000;
const WINDOW_MS = 6000;
/** The window of all attacks at once; long enough that one unlucky operation does not decide the p99. */
const ALL_WINDOW_MS = 20_000;
/** The time for an attack to start fully or to fade. */
const SETTLE_MS = 1500;
const QUIET = 'quiet';
const ALL = 'all';
const NAMES = Object.keys(ATTACKS) as readonly AttackName[];
const OPERATIONS = ['dashboard', 'order', 'quote'] as const;

/** The running desk, its clients and attackers, and the figures. */
interface Bench extends BenchmarkOptions {
  readonly port: number;
  readonly gatewayPid: number;
  readonly honest: Child;
  readonly attackers: Child;
  readonly figures: Measurements;
  readonly notes: Set<string>;
}

/** How hostile clients affect honest ones. */
export const benchmark: Benchmark = {
  description:
    'Honest clients (dashboards, orders, quotes) while hostile ones flood the gateway with sockets, ' +
    'sign-ins, bombs, slow requests and frames that are too large; beside the same without them.',
  rounds: 5,
  run: (options) => withBenchStores({ pairs: PAIRS }, (stores) => onDesk(options, stores)),
};

async function onDesk(options: BenchmarkOptions, stores: BenchStores): Promise<Findings> {
  const desk = await startPublicDesk(stores);
  const [honest, attackers] = await Promise.all([
    startChild('./hostile/honest-clients.ts'),
    startChild('./hostile/attackers.ts'),
  ]);
  try {
    await honest.ask('connect', { gateway: desk.gateway, pairs: stores.pairs });
    const port = Number(new URL(desk.gateway).port);
    const parts = { honest, attackers, figures: new Measurements(), notes: new Set<string>() };
    return await measure({ ...options, ...parts, port, gatewayPid: desk.gatewayPid });
  } finally {
    await Promise.all([honest.stop(), attackers.stop()]);
    await desk.stop();
  }
}

async function measure(bench: Bench): Promise<Findings> {
  const { figures, notes, rounds, report, honest } = bench;
  await honest.ask('work', { forMs: WARM_UP_MS });
  for (let round = 0; round < rounds; round += 1) {
    report(`round ${round + 1} of ${rounds}`);
    for (const name of NAMES) await takeTurn(bench, round, name, [name]);
    await takeTurn(bench, round, ALL, NAMES);
  }
  const keys = ['p99', ...OPERATIONS.map((operation) => `p99 ${operation}`), ...NAMES];
  return {
    rows: [
      ...keys.map((key) => figures.row(key, 'ms, 99th of 100')),
      // Processor time stays meaningful on a shared machine.
      ...NAMES.map((name) =>
        figures.row(`${name}Cpu`, "ms of the gateway's processor time a strike"),
      ),
    ],
    notes: [...notes],
  };
}

/** Honest work without and with these attacks, one window after the other; the order alternates. */
async function takeTurn(
  bench: Bench,
  round: number,
  name: AttackName | typeof ALL,
  names: readonly AttackName[],
): Promise<void> {
  const isQuietFirst = round % 2 === 0;
  const forMs = name === ALL ? ALL_WINDOW_MS : WINDOW_MS;
  const first = await takeWindow(bench, isQuietFirst ? [] : names, forMs);
  const second = await takeWindow(bench, isQuietFirst ? names : [], forMs);
  const [quiet, attacked] = isQuietFirst ? [first, second] : [second, first];
  describe(bench, name, quiet, attacked);
  addFigures(bench.figures, { round, name, variant: QUIET }, quiet);
  addFigures(bench.figures, { round, name, variant: OURS }, attacked);
  const cpuMs = (1000 * (attacked.cpuSeconds - quiet.cpuSeconds)) / attacked.tally.strikes;
  if (name !== ALL) bench.figures.add({ round, key: `${name}Cpu`, variant: OURS, value: cpuMs });
}

function addFigures(
  figures: Measurements,
  at: { readonly round: number; readonly name: string; readonly variant: string },
  { times }: Window,
): void {
  const add = (key: string, value: number) => figures.add({ ...at, key, value });
  add(at.name === ALL ? 'p99' : at.name, p99Of([...times.dashboard, ...times.order]));
  if (at.name !== ALL) return;
  for (const operation of OPERATIONS) add(`p99 ${operation}`, p99Of(times[operation]));
}

interface Window {
  readonly times: HonestTimes;
  readonly tally: Tally;
  /** The gateway's. */
  readonly cpuSeconds: number;
}

async function takeWindow(
  bench: Bench,
  names: readonly AttackName[],
  forMs: number,
): Promise<Window> {
  const { honest, attackers, port, gatewayPid } = bench;
  const cpuBefore = cpuSecondsOf(gatewayPid);
  await attackers.ask('begin', { port, names });
  await sleep(SETTLE_MS);
  const times = await honest.ask<HonestTimes>('work', { forMs });
  const tally = await attackers.ask<Tally>('end');
  await sleep(SETTLE_MS);
  return { times, tally, cpuSeconds: cpuSecondsOf(gatewayPid) - cpuBefore };
}

function describe({ notes, report }: Bench, name: string, quiet: Window, attacked: Window): void {
  const p99 = ({ times }: Window) =>
    OPERATIONS.map((operation) => Math.round(p99Of(times[operation]))).join('/');
  const { strikes, answers } = attacked.tally;
  report(
    `  ${name}: p99 ${p99(attacked)} of quiet ${p99(quiet)} ms (${OPERATIONS.join('/')}), ` +
      `${strikes} strikes ${JSON.stringify(answers)}`,
  );
  for (const [when, { times }] of Object.entries({ quiet, [name]: attacked })) {
    const { failures, dashboard, order } = times;
    if (failures.length === 0) continue;
    report(`  ${failures[0]}`);
    notes.add(`${when}: ${failures.length} of ${dashboard.length + order.length} failed`);
  }
}

function p99Of(times: readonly number[]): number {
  return quantileOfSorted(
    times.toSorted((a, b) => a - b),
    0.99,
  );
}

function startChild(file: string): Promise<Child> {
  return Child.start({ file: new URL(file, import.meta.url) });
}
