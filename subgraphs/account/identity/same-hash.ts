import { timingSafeEqual } from 'node:crypto';
import { hashOfSecret } from './checksummed-text.ts';

const ABSENT = hashOfSecret('no such secret');

/** Whether two hashes are equal, in constant time; an absent one costs the same and never is. */
export function isSameHash(shown: string, stored: string | null): boolean {
  const [given, kept] = [Buffer.from(shown), Buffer.from(stored ?? ABSENT)];
  const isEqual = given.length === kept.length && timingSafeEqual(given, kept);
  return isEqual && stored !== null;
}
