import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bookChecksum } from '../../subgraphs/market-data/domain/checksum.ts';
import { Recording } from '../../subgraphs/market-data/feed/recording.ts';
import type { Frame, VenueName, Workload } from './engine.ts';

/** The depth of the recorded subscription. */
export const KRAKEN_DEPTH = 1000;
const RECEIVED = /^\d+\.\d+: (.+)$/;
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
      frames.push({ text: json, snapshotOf: json.startsWith('{"stream"') ? null : venueSymbol });
    return { pairs: ['BTC/USDT', 'ETH/USDT'], frames };
  },
  kraken: async () => ({
    pairs: PAIRS.split(' '),
    frames: session('KRAKEN.ws.50.0.gz').flatMap((text) => asSecondVersion(text) ?? []),
  }),
  coinbase: async () => ({
    pairs: PRODUCTS.split(' '),
    frames: session('COINBASE.ws.28.0.gz').map(asFrame),
  }),
};

function session(name: string): string[] {
  return gunzipSync(readFileSync(`${recordings()}/venue-sessions/${name}`))
    .toString('utf8')
    .split('\n')
    .flatMap((line) => RECEIVED.exec(line)?.[1] ?? []);
}

function asFrame(text: string): Frame {
  return { text, snapshotOf: null };
}

type Part = Readonly<Record<string, string | readonly (readonly string[])[]>>;

/**
 * A recorded message of Kraken's first version as the second one writes it, digit by digit, since
 * the peer reads the second only. Null for what is no book.
 */
function asSecondVersion(text: string): Frame | null {
  const message = JSON.parse(text) as readonly unknown[];
  if (!Array.isArray(message)) return null;
  const parts = message.slice(1, -2) as Part[];
  const all = (key: string) => parts.flatMap((part) => (part[key] ?? []) as readonly string[][]);
  const isSnapshot = parts.some((part) => 'as' in part);
  const [bids, asks] = isSnapshot ? [all('bs'), all('as')] : [all('b'), all('a')];
  const times = [...bids, ...asks].map(([, , time]) => time ?? '').sort();
  const side = (levels: readonly string[][]) =>
    levels.map(([price, quantity]) => `{"price":${price},"qty":${quantity}}`).join();
  const sent = parts.map((part) => part['c']).find((each) => typeof each === 'string');
  // The second version has one with each snapshot too.
  const checksum = sent ?? bookChecksum(bids.map(named), asks.map(named));
  const fields = [
    `"symbol":${JSON.stringify(message.at(-1))}`,
    `"bids":[${side(bids)}]`,
    `"asks":[${side(asks)}]`,
    `"checksum":${checksum}`,
    `"timestamp":"${isoOf(times.at(-1) ?? '0.0')}"`,
  ];
  const type = isSnapshot ? 'snapshot' : 'update';
  return asFrame(`{"channel":"book","type":"${type}","data":[{${fields.join()}}]}`);
}

function named([price = '', quantity = '']: readonly string[]) {
  return { price, quantity };
}

/** `1618678133.365913` as an RFC 3339 time. */
function isoOf(epoch: string): string {
  const [seconds = '0', fraction = '0'] = epoch.split('.');
  return new Date(Number(seconds) * 1000).toISOString().replace('000Z', `${fraction}Z`);
}
