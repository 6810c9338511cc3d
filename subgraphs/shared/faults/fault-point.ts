/**
 * Called where a process may die between two steps that belong together; does nothing but in a test of
 * exactly that.
 */
export type FaultPoint = (name: FaultName) => void;

/** Every such place, by what has happened and what has not. */
export const FAULT_NAMES = [
  'turn-not-stored',
  'turn-stored',
  'holds-answered',
  'outbox-read',
  'outbox-answered',
  'outbox-marked',
  'ledger-not-stored',
  'ledger-stored',
] as const;
/** One of {@link FAULT_NAMES}. */
export type FaultName = (typeof FAULT_NAMES)[number];

/** Nothing ever happens. */
export const noFault: FaultPoint = () => undefined;

/**
 * Kills this process, as a power cut would, when a point is reached for the nth time.
 * @param at `<name>:<n>`, or undefined for never
 */
export function crashAt(at: string | undefined): FaultPoint {
  if (at === undefined) return noFault;
  const [crashing = '', count = '1'] = at.split(':');
  let left = Number.parseInt(count, 10);
  return (name) => {
    if (name !== crashing) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
