import { hashOfSecret } from '../checksummed-text.ts';
import { randomText } from '../random-text.ts';

const COUNT = 10;
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** Ten new codes for users to write down, `abcd-efgh-ijkl-mnop`, of 82 bits each. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: COUNT }, () =>
    Array.from({ length: GROUPS }, () => randomText(GROUP_LENGTH)).join('-'),
  );
}

/** What is kept of a code, however its letters are written. */
export function hashOfRecoveryCode(code: string): string {
  return hashOfSecret(code.toLowerCase().replace(/[^0-9a-z]/g, ''));
}
