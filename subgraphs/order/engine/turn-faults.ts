import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { ChangeSet } from '../domain/ports/journal-store.ts';

type Step = 'submit' | 'open' | 'fill' | 'cancel';

const STEPS = {
  SUBMITTED: 'submit',
  ACCEPTED: 'open',
  FILL: 'fill',
  CANCELED: 'cancel',
} as const satisfies Partial<Record<ChangeSet['events'][number]['type'], Step>>;

/**
 * Passes the fault points of every step of orders that a turn has, before or after it is stored, and
 * that of what it notes for the outbox.
 */
export function passTurnFaults(
  faults: FaultPoint,
  { events, applied }: ChangeSet,
  when: 'not-stored' | 'stored',
): void {
  const types: ReadonlySet<string> = new Set(events.map(({ type }) => type));
  for (const [type, step] of Object.entries(STEPS)) if (types.has(type)) faults(`${step}-${when}`);
  if (when === 'stored' && applied.length > 0) faults('outbox-marked');
}
