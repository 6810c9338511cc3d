import { hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/** A key for one purpose, derived from the process's own, so that there is no further key to keep. */
export function keyFor(purpose: string, processKey: string): Buffer {
  return Buffer.from(hkdfSync('sha256', processKey, '', purpose, KEY_BYTES));
}
