/** Something whose time an attacker takes. */
export type Timed = () => Promise<unknown>;

const ATTEMPTS = 4;

/**
 * How much better than by chance one time tells which of two things it was: 0 for not at all, 0.5 for
 * every time. Both are done in turn, each time in an order drawn again, so that what else the machine
 * does meets both alike; whoever else is at work can only be mistaken for a difference, so the least
 * of a few attempts counts, and the first within `enough` ends them.
 */
export async function telltale(
  one: Timed,
  other: Timed,
  { pairs, enough }: { readonly pairs: number; readonly enough: number },
): Promise<number> {
  let least = 0.5;
  for (let attempt = 0; attempt < ATTEMPTS && least > enough; attempt += 1)
    least = Math.min(least, await difference(one, other, pairs));
  return least;
}

async function difference(one: Timed, other: Timed, pairs: number): Promise<number> {
  const [ones, others]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < pairs; pair += 1) {
    const both = [
      async () => void ones.push(await timeOf(one)),
      async () => void others.push(await timeOf(other)),
    ];
    if (Math.random() < 0.5) both.reverse();
    for (const take of both) await take();
  }
  const quicker = ones.map((time) => others.filter((value) => time < value).length);
  const share = quicker.reduce((sum, count) => sum + count, 0) / (ones.length * others.length);
  return Math.abs(share - 0.5);
}

async function timeOf(work: Timed): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
