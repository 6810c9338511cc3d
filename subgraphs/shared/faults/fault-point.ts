/**
 * Called where a process can die between two steps that belong together; does nothing except in a
 * test of exactly that.
 */
export type FaultPoint = (name: FaultName) => void;

/** Every such point of the order process, by what has happened and what has not. */
export const ORDER_FAULTS = [
  'submit-not-stored',
  'submit-stored',
  'holds-not-asked',
  'holds-answered',
  'open-not-stored',
  'open-stored',
  'fill-not-stored',
  'fill-stored',
  'cancel-not-stored',
  'cancel-stored',
  'outbox-read',
  'outbox-answered',
  'outbox-marked',
] as const;
/** The same for the account process. */
export const ACCOUNT_FAULTS = [
  'hold-not-placed',
  'hold-placed',
  'trade-not-settled',
  'trade-settled',
  'hold-not-released',
  'hold-released',
] as const;
/** Any of them. */
export type FaultName = (typeof ORDER_FAULTS)[number] | (typeof ACCOUNT_FAULTS)[number];

/** Never does anything. */
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
