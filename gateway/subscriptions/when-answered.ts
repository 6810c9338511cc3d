import { MUTATION_LIMIT_MS } from '../supergraph/operation-deadline.ts';
import { waitUntil } from './wait-until.ts';

/** How long an operation that reached its deadline takes to be answered. */
const GRACE_MS = 200;

/** A part of a client that may have an operation under way. */
interface Answering {
  /** Whether there is a query or mutation under way. */
  readonly isAnswering: boolean;
}

/**
 * Ends each one as soon as nothing is under way for it: a client without an answer would send its
 * operation again. One whose operation outlives every deadline is ended too.
 */
export async function whenAnswered<Client extends Answering>(
  clients: readonly Client[],
  end: (client: Client) => void,
): Promise<void> {
  let left = clients;
  await waitUntil(() => {
    for (const client of left) if (!client.isAnswering) end(client);
    left = left.filter(({ isAnswering }) => isAnswering);
    return left.length === 0;
  }, MUTATION_LIMIT_MS + GRACE_MS);
  for (const client of left) end(client);
}
