// One engine, alone in its process, so that no other's objects and types are in its way.
import { answerParent } from '../processes/answer-parent.ts';
import { PEERS } from '../install-peers.ts';
import { OURS, quantileOfSorted } from '../rows.ts';
import type { MatchingEngine } from './engine.ts';
import { ourBook } from './our-book.ts';
import { type Command, makeWorkload, type WorkloadSize } from './workload.ts';

/** What one engine did with one workload. */
export interface Speed {
  readonly commandsPerSecond: number;
  readonly nanosecondsPerCommand: number;
  /** Of single commands, in nanoseconds, with what looking at the clock costs. */
  readonly p99: number;
}

const NANOSECONDS = 1e9;
/** The first part of the mix is not counted: the engine is compiled meanwhile. */
const WARM_UP_SHARE = 0.25;
/** The last part is timed command by command. */
const SINGLE_SHARE = 0.25;

async function start(name: string): Promise<MatchingEngine> {
  if (name === OURS) return ourBook();
  const { orderBooks } = (await import(`${PEERS}order-books.js`)) as {
    readonly orderBooks: Readonly<Record<string, () => MatchingEngine>>;
  };
  const engine = orderBooks[name]?.();
  if (engine === undefined) throw new Error(`There is no engine ${name}.`);
  return engine;
}

async function measure(input: { readonly engine: string } & WorkloadSize): Promise<Speed> {
  const engine = await start(input.engine);
  const workload = makeWorkload(input);
  const run = (prepared: readonly unknown[]) =>
    prepared.reduce<number>((traded, command) => traded + engine.run(command), 0);
  const prepare = (commands: readonly Command[]) => commands.map((one) => engine.prepare(one));
  run(prepare(workload.fill));

  const mix = prepare(workload.mix);
  const [warm, single] = [mix.length * WARM_UP_SHARE, mix.length * (1 - SINGLE_SHARE)];
  let traded = run(mix.slice(0, warm));
  const counted = mix.slice(warm, single);
  const startedAt = process.hrtime.bigint();
  for (const command of counted) traded += engine.run(command);
  const nanoseconds = Number(process.hrtime.bigint() - startedAt);
  const singles: number[] = [];
  for (const command of mix.slice(single)) {
    const before = process.hrtime.bigint();
    traded += engine.run(command);
    singles.push(Number(process.hrtime.bigint() - before));
  }
  if (traded !== workload.traded)
    throw new Error(`${input.engine} traded ${traded} steps, not ${workload.traded}.`);
  return {
    commandsPerSecond: (counted.length * NANOSECONDS) / nanoseconds,
    nanosecondsPerCommand: nanoseconds / counted.length,
    p99: quantileOfSorted(
      singles.sort((a, b) => a - b),
      0.99,
    ),
  };
}

answerParent({ measure });
