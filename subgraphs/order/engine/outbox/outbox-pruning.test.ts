import { expect, it } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { OutboxPruning } from './outbox-pruning.ts';
import type { Pause } from '../pause.ts';

it('takes small steps with pauses between, also after one that failed, and looks again later', async () => {
  const written: string[] = [];
  const logger = createLogger(
    { unit: 'test', level: 'warn' },
    { write: (line) => void written.push(line) },
  );
  const answers = [true, true, 'fails', true, false] as const;
  let step = 0;
  const pauses: number[] = [];
  const pause: Pause = (ms, stopping) => {
    pauses.push(ms);
    if (step < answers.length) return Promise.resolve();
    return stopping.wait(() => () => undefined);
  };
  const removeOld = () => {
    const answer = answers[step];
    step += 1;
    return answer === 'fails'
      ? Promise.reject(new Error('away'))
      : Promise.resolve(answer === true);
  };
  const pruning = new OutboxPruning({ sent: { removeOld }, logger, pause });
  pruning.start();
  await expect.poll(() => pauses.length).toBe(answers.length + 1);
  await pruning.stop();

  const [long, short] = pauses;
  expect(pauses).toEqual([long, short, short, long, short, long]);
  expect(Number(long)).toBeGreaterThan(Number(short));
  expect(written).toHaveLength(1);
});
