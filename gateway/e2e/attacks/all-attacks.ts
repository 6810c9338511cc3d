import type { Attack } from './attack.ts';
import { HTTP_REQUESTS } from './http.ts';
import { IDENTITY_ATTACKS } from './identity.ts';
import { INPUT_AND_SUPPLY } from './input-and-supply.ts';
import { QUERY_SHAPE } from './query-shape.ts';
import { SOCKET_ATTACKS } from './sockets.ts';

/** The whole table, in the order of its numbers. */
export const ALL_ATTACKS: readonly Attack[] = [
  ...[QUERY_SHAPE, HTTP_REQUESTS, SOCKET_ATTACKS, IDENTITY_ATTACKS, INPUT_AND_SUPPLY].flat(),
].sort((one, other) => numberOf(one) - numberOf(other));

function numberOf({ row }: Attack): number {
  return Number(row.slice(1));
}
