import { refuse } from './refuse.ts';

const MAX_DEPTH = 1000;
const STREAM_DEPTHS: readonly number[] = [5, 10, 20, 100];

/**
 * The depth of a book stream.
 * @param first one more depth that this stream offers besides the common ones
 * @throws DomainError BAD_USER_INPUT naming the possible depths
 */
export function parseStreamDepth(depth: number, first?: number): number {
  const depths = first === undefined ? STREAM_DEPTHS : [first, ...STREAM_DEPTHS];
  if (depths.includes(depth)) return depth;
  return refuse(`Argument "depth" must be one of ${depths.join(', ')}; it was ${depth}.`);
}

/** The depth of a book in a query. @throws DomainError BAD_USER_INPUT */
export function parseDepth(depth: number): number {
  if (depth >= 1 && depth <= MAX_DEPTH) return depth;
  return refuse(`Argument "depth" must be from 1 to ${MAX_DEPTH}; it was ${depth}.`);
}
