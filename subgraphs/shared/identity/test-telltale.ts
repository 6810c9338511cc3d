/** Something whose time an attacker takes. */
export type Timed = () => Promise<unknown>;

const ATTEMPTS = 4;

/** Whether a difference tells nothing that can be used. */
export const isNone = (difference: number): boolean => difference < 0.2;

/** Whether a difference tells much. */
export const isPlain = (difference: number): boolean => difference > 0.3;

/**
 * How much better than by chance one time tells which of two things it was: 0 for not at all, 0.5 for
 * every time. Both are done in turn, each time in an order drawn again, so that what else the machine
 * does meets both alike. Whoever else is at work can feign a difference or hide one, so there are a few
 * attempts, which the first that is `expected` ends.
 * @returns that of the last attempt
 */
export async function telltale(
  one: Timed,
  other: Timed,
  {
    pairs,
    expected,
  }: { readonly pairs: number; readonly expected: (difference: number) => boolean },
): Promise<number> {
  let last = await difference(one, other, pairs);
  for (let attempt = 1; attempt < ATTEMPTS && !expected(last); attempt += 1)
    last = await difference(one, other, pairs);
  return last;
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
