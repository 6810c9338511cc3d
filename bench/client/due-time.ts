import { monotonicMicros } from '../feed/monotonic.ts';

const MARK = Buffer.from('"askQuantity":"');
const QUOTE = 0x22;
const POINT = 0x2e;
const ZERO = 0x30;

/**
 * How long ago the event in these bytes was due, in microseconds: the source writes its clock into
 * `askQuantity`, as seconds with six decimals. Null if it is not there.
 */
export function latencyMicros(chunk: Buffer, start: number, end: number): number | null {
  const mark = chunk.indexOf(MARK, start);
  if (mark < 0 || mark >= end) return null;
  let dueMicros = 0;
  for (let at = mark + MARK.length; at < end; at += 1) {
    const byte = chunk[at] ?? QUOTE;
    if (byte === QUOTE) break;
    if (byte !== POINT) dueMicros = dueMicros * 10 + (byte - ZERO);
  }
  return monotonicMicros() - dueMicros;
}
