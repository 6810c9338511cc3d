/** Several measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

/** One figure of ours beside the same figure of each peer. */
export interface Row {
  readonly key: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly peers: Readonly<Record<string, Spread>>;
  /** Ours ÷ the peer's, taken inside each round: the rounds differ more than the variants do. */
  readonly ratios: Readonly<Record<string, Spread>>;
}

/** The variant that every other one is compared with. */
export const OURS = 'ours';

/** What is measured of all variants in all rounds. */
export class Measurements {
  readonly #values = new Map<string, Map<string, Map<number, number>>>();

  /** Notes one measurement; a second one of the same round replaces it. */
  add(measurement: {
    readonly round: number;
    readonly key: string;
    readonly variant: string;
    readonly value: number;
  }): void {
    const { round, key, variant, value } = measurement;
    const variants = this.#values.get(key) ?? new Map<string, Map<number, number>>();
    const rounds = variants.get(variant) ?? new Map<number, number>();
    this.#values.set(key, variants.set(variant, rounds.set(round, value)));
  }

  /** One measurement, if there is one. */
  valueOf(key: string, variant: string, round: number): number | undefined {
    return this.#values.get(key)?.get(variant)?.get(round);
  }

  /** Whether ours was measured. */
  has(key: string): boolean {
    return this.#values.get(key)?.has(OURS) ?? false;
  }

  /**
   * The row of one key, each value counted over that of one variant in the same round; without
   * ratios, which would say little of differences.
   * @throws Error if ours was never measured together with it
   */
  rowOver(bare: string, key: string, unit: string): Row {
    const over = new Measurements();
    for (const [variant, rounds] of this.#values.get(key) ?? [])
      for (const [round, value] of rounds) {
        const floor = this.valueOf(key, bare, round);
        if (variant !== bare && floor !== undefined)
          over.add({ round, key, variant, value: value - floor });
      }
    return { ...over.row(key, unit), ratios: {} };
  }

  /**
   * The row of one key.
   * @throws Error if ours was never measured
   */
  row(key: string, unit: string): Row {
    const variants = this.#values.get(key);
    const ours = variants?.get(OURS);
    if (variants === undefined || ours === undefined) throw new Error(`${key} was not measured.`);
    const peers = [...variants].filter(([variant]) => variant !== OURS);
    const ratios = peers.map(([variant, theirs]) => [variant, ratiosOf(ours, theirs)] as const);
    return {
      key,
      unit,
      ours: spreadOf([...ours.values()]),
      peers: Object.fromEntries(peers.map(([name, all]) => [name, spreadOf([...all.values()])])),
      ratios: Object.fromEntries(
        ratios.filter(([, all]) => all.length > 0).map(([name, all]) => [name, spreadOf(all)]),
      ),
    };
  }
}

function ratiosOf(ours: ReadonlyMap<number, number>, theirs: ReadonlyMap<number, number>) {
  return [...ours].flatMap(([round, value]) => {
    const other = theirs.get(round);
    return other === undefined || other === 0 ? [] : [value / other];
  });
}

/** @throws RangeError for no values at all */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantileOfSorted(sorted, 0.5),
    least: quantileOfSorted(sorted, 0),
    most: quantileOfSorted(sorted, 1),
    runs: sorted.length,
  };
}

/**
 * The value below which a share of all values lies, between two neighbors where it falls there.
 * @param share 0 to 1
 * @throws RangeError for no values at all
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('There is no value.');
  return below + (above - below) * (position - Math.floor(position));
}
