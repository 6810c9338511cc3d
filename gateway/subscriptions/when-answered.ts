import { MUTATION_LIMIT_MS } from '../supergraph/operation-deadline.ts';
import { waitUntil } from './wait-until.ts';

/** What an operation that has come to its deadline takes to be answered. */
const GRACE_MS = 200;

/** Something of a client that may have an operation under way. */
interface Answering {
  /** Whether there is one that is no stream. */
  readonly isAnswering: boolean;
}

/**
 * Ends each as soon as nothing is under way for it: a client that is not answered sends its operation
 * again. Those of an operation that outlives every deadline are ended too.
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
