import { fileURLToPath } from 'node:url';
import { Recording } from '../../subgraphs/market-data/feed/recording/recording.ts';
import {
  krakenSecondVersion,
  receivedFrames,
} from '../../subgraphs/market-data/test-venue-session.ts';
import type { Frame, VenueName, Workload } from './engine.ts';

/** The depth of the recorded subscription. */
export const KRAKEN_DEPTH = 1000;
const PRODUCTS =
  'SKL/USD SKL/BTC BAND/GBP NMR/EUR BAND/BTC YFI/BTC DASH/BTC NU/GBP CRV/EUR SKL/GBP';
const PAIRS = 'WAVES/EUR XMR/USD KSM/XBT GRT/ETH SC/EUR ETH/CHF OCEAN/XBT OMG/USD XBT/CHF ADA/XBT';

/** Where the recordings lie: `DATA_DIR`, or `../shared/data` beside the project. */
export function recordings(): string {
  return process.env['DATA_DIR'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
}

/** What each venue sent, in its order. */
export const WORKLOADS: Readonly<Record<VenueName, () => Promise<Workload>>> = {
  binance: async () => {
    const recording = await Recording.open(`${recordings()}/binance-spot`);
    const frames: Frame[] = [];
    for await (const { venueSymbol, json } of recording.lines())
      frames.push(frameOf(json, json.startsWith('{"stream"') ? null : venueSymbol));
    return { pairs: ['BTC/USDT', 'ETH/USDT'], frames };
  },
  kraken: async () => ({
    pairs: PAIRS.split(' '),
    // The peer reads the second version only.
    frames: session('KRAKEN.ws.50.0.gz')
      .flatMap((text) => krakenSecondVersion(text) ?? [])
      .map((text) => frameOf(text)),
  }),
  coinbase: async () => ({
    pairs: PRODUCTS.split(' '),
    frames: session('COINBASE.ws.28.0.gz').map((text) => frameOf(text)),
  }),
};

function session(name: string): string[] {
  return receivedFrames(`${recordings()}/venue-sessions/${name}`);
}

function frameOf(text: string, snapshotOf: string | null = null): Frame {
  return { sent: Buffer.from(text), snapshotOf };
}
