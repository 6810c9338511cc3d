import { NotOwnerError } from '../ports/not-owner-error.ts';
import { UnavailableError } from '../ports/unavailable-error.ts';

/**
 * The answers to the commands of one batch, in their order.
 * @throws NotOwnerError only if none of them did anything; otherwise the failure of one of them
 */
export async function answersOf<Outcome>(
  commands: readonly Promise<Outcome>[],
): Promise<readonly Outcome[]> {
  const settled = await Promise.allSettled(commands);
  const causes = settled.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  if (causes.length === 0)
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const others = causes.filter((cause) => !(cause instanceof NotOwnerError));
  if (others.length > 0) throw others[0];
  if (causes.length === settled.length) throw causes[0];
  const message = 'Another process owns the order books. Part of the batch may be done; repeat it.';
  throw new UnavailableError(message, causes[0]);
}
