import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { Outage } from './outage.ts';

it('an outage says each time that something is away, and once when it is back', () => {
  const lines: object[] = [];
  const logger = createLogger(
    { unit: 'test', level: 'info' },
    { write: (line) => void lines.push(JSON.parse(line) as object) },
  );
  const outage = new Outage(logger, { away: 'it is away', back: 'it is back', level: 'error' });
  outage.answered();
  expect(lines).toEqual([]);
  for (const commands of [1, 2]) outage.failed(new Error('why'), { commands });
  outage.answered();
  outage.answered();
  const away = { level: 50, msg: 'it is away', err: { message: 'why' } };
  const back = { level: 30, msg: 'it is back', lastedMs: expect.any(Number) as number };
  expect(lines).toMatchObject([{ ...away, commands: 1 }, { ...away, commands: 2 }, back]);
  expect(lines).toHaveLength(3);
});
