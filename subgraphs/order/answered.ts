import type { Clock } from '#shared/domain/clock.ts';

/** When a command arrived and when it was answered, milliseconds since the epoch. */
export interface Answered<Outcome> {
  readonly outcome: Outcome;
  readonly receivedAt: number;
  readonly answeredAt: number;
}

/** The outcome of work that has just begun, with its times. */
export async function answered<Outcome>(
  clock: Clock,
  work: Promise<Outcome>,
): Promise<Answered<Outcome>> {
  const receivedAt = clock.now();
  const outcome = await work;
  return { outcome, receivedAt, answeredAt: clock.now() };
}
