import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ONE } from '#shared/domain/decimal.ts';
import { FEE_TIERS } from '../fee-tier.ts';
import { money, price, quantity } from '../test-orders.ts';
import { MidHistory } from './mid-history.ts';
import { midOf } from './price-quote.ts';
import { expectFormula } from './test-quote-formula.ts';
import type { RfqSize } from './rfq.ts';
import type { DepthLevel } from './walk-depth.ts';

const DATA =
  process.env['DATA_DIR'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const RECORDING = `${DATA}/binance-spot/spot_btcusdt_20240808.gz`;
const LEVELS = 20;
/** One in this many changes of the book is priced. */
const EVERY = 25;

interface DepthFrame {
  readonly lastUpdateId?: number;
  readonly bids?: readonly [string, string][];
  readonly asks?: readonly [string, string][];
  readonly data?: { e: string; u: number; E: number; b: [string, string][]; a: [string, string][] };
}

if (!existsSync(RECORDING))
  process.stderr.write(`No recordings at ${DATA}: prices on a recorded book are not tested.\n`);

describe.skipIf(!existsSync(RECORDING))('prices on the recorded book of Binance', () => {
  it('follow the documented formula, to the last digit, at every size', () => {
    const sides = { bids: new Map<string, string>(), asks: new Map<string, string>() };
    const history = new MidHistory();
    const [sizes, tiers] = [recordedSizes(), FEE_TIERS];
    let [changes, priced] = [0, 0];
    for (const line of gunzipSync(readFileSync(RECORDING)).toString('utf8').split('\n')) {
      const isDepth = line.includes('"depthUpdate"') || line.includes('"lastUpdateId"');
      if (!isDepth) continue;
      const frame = JSON.parse(line.slice(line.indexOf(' ') + 1)) as DepthFrame;
      apply(sides.bids, frame.bids ?? frame.data?.b ?? []);
      apply(sides.asks, frame.asks ?? frame.data?.a ?? []);
      const at = frame.data?.E ?? 0;
      if ((changes += 1) % EVERY !== 0) continue;
      const market = { bids: best(sides.bids, -1n), asks: best(sides.asks, 1n) };
      const mid = midOf(market);
      if (mid !== null) history.add(mid, at);
      const volatilityBps = history.rangeBps(at);
      for (const size of sizes) {
        const tier = tiers[priced % tiers.length] ?? tiers[0];
        const inventory = BigInt((priced % 201) - 100) * ONE;
        expectFormula(
          { side: null, size, tier, inventory },
          { sequence: `${changes}`, consolidated: null, volatilityBps, ...market },
        );
        priced += 1;
      }
    }
    expect(changes).toBe(3452);
    expect(priced).toBe(Math.floor(changes / EVERY) * sizes.length);
  });
});

function recordedSizes(): readonly RfqSize[] {
  return [
    ...['0.001', '0.25', '1', '3'].map((text) => ({
      quantity: quantity(text),
      quoteQuantity: null,
    })),
    ...['100', '25000'].map((text) => ({ quantity: null, quoteQuantity: money(text) })),
  ];
}

function apply(side: Map<string, string>, levels: readonly (readonly [string, string])[]): void {
  for (const [at, size] of levels)
    if (Number(size) === 0) side.delete(at);
    else side.set(at, size);
}

function best(side: ReadonlyMap<string, string>, direction: bigint): readonly DepthLevel[] {
  const levels = Array.from(side, ([at, size]) => ({ price: price(at), quantity: quantity(size) }));
  return levels
    .toSorted((left, right) => Number((left.price - right.price) * direction))
    .slice(0, LEVELS);
}
