import type { ClientSurroundings } from './client-surroundings.ts';

/**
 * Does something this many times, each a random while after the last one began; they can overlap.
 * @param longestIdleMs the longest while
 */
export function atRandomTimes(
  surroundings: Pick<ClientSurroundings, 'time' | 'misfortune'>,
  times: number,
  longestIdleMs: number,
  act: () => void,
): void {
  if (times === 0) return;
  const { time, misfortune } = surroundings;
  time.after(misfortune.random.between(1, longestIdleMs), () => {
    act();
    atRandomTimes(surroundings, times - 1, longestIdleMs, act);
  });
}
