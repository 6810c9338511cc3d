import { expect, it } from 'vitest';
import { priceOf } from './malformed-frame.ts';

it('an error shows the beginning of what is not a price, however long that is', () => {
  const message = (text: string) => {
    try {
      return `${priceOf(text)}`;
    } catch (cause) {
      return (cause as Error).message;
    }
  };
  expect(message('-1')).toBe('A frame of the venue was malformed: "-1" is not a price.');
  expect(message('9'.repeat(1_000_000)).length).toBeLessThan(500);
});
