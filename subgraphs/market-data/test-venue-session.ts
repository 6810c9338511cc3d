// Recorded sessions with a venue: lines of `<epoch s>: <frame>`, between those that tell of our side.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bookChecksum } from './domain/book/checksum.ts';

const RECEIVED = /^\d+\.\d+: (.+)$/;

/** What the venue sent in one recorded session, exactly as it was sent. */
export function receivedFrames(path: string): string[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .flatMap((line) => RECEIVED.exec(line)?.[1] ?? []);
}

type Part = Readonly<Record<string, string | readonly (readonly string[])[]>>;

/**
 * A recorded message of Kraken's first version as the second one writes it, digit by digit.
 * @returns null for what is no book
 */
export function krakenSecondVersion(text: string): string | null {
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
  return `{"channel":"book","type":"${type}","data":[{${fields.join()}}]}`;
}

function named([price = '', quantity = '']: readonly string[]) {
  return { price, quantity };
}

/** `1618678133.365913` as an RFC 3339 time. */
function isoOf(epoch: string): string {
  const [seconds = '0', fraction = '0'] = epoch.split('.');
  return new Date(Number(seconds) * 1000).toISOString().replace('000Z', `${fraction}Z`);
}
