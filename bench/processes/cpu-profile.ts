/** The parts of a V8 profile that are read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Shares of the used processor time in percent, by where each sample was taken. */
export interface TimeShares {
  readonly byFunction: ReadonlyMap<string, number>;
  /** By package; Node's own code and the engine's work count as packages. */
  readonly byPart: ReadonlyMap<string, number>;
}

const IDLE = '(idle)';

/** Adds up a profile, without idle time. */
export function timeShares({ nodes, samples, timeDeltas }: CpuProfile): TimeShares {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byPart = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === IDLE) continue;
    const time = timeDeltas[index] ?? 0;
    const part = partOf(frame);
    total += time;
    add(byPart, part, time);
    add(byFunction, `${frame.functionName || 'anonymous'} (${placeOf(frame, part)})`, time);
  }
  return { byFunction: inPercent(byFunction, total), byPart: inPercent(byPart, total) };
}

function partOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'engine';
  if (url.startsWith('node:')) return 'node';
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  return name ?? 'ours';
}

function placeOf(
  { url, lineNumber }: CpuProfile['nodes'][number]['callFrame'],
  part: string,
): string {
  return url === '' ? part : `${part}: ${url.split('/').at(-1)}:${lineNumber + 1}`;
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function inPercent(sums: ReadonlyMap<string, number>, total: number): Map<string, number> {
  return new Map(
    [...sums]
      .map(([key, value]): [string, number] => [key, (100 * value) / total])
      .sort(([, a], [, b]) => b - a),
  );
}
