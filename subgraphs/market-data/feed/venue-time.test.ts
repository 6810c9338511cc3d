import { describe, expect, it } from 'vitest';
import { MalformedFrameError } from './frames/malformed-frame.ts';
import { isoMicrosecondsOf, isoTimeOf } from './venue-time.ts';

describe('the times of venues', () => {
  it.each([
    ['2026-08-26T15:16:16.637831Z', 637],
    ['2026-08-26T15:16:16.6Z', 600],
    ['2026-08-26T15:16:16.0049Z', 4],
    ['2026-08-26T15:16:16Z', 0],
  ])('reads %s', (text, milliseconds) =>
    expect(isoTimeOf(text)).toBe(Date.UTC(2026, 7, 26, 15, 16, 16, milliseconds)),
  );

  it('tells microseconds apart', () => {
    const [early, late] = ['2026-08-26T15:16:16.637831Z', '2026-08-26T15:16:16.637832999Z'];
    expect(isoMicrosecondsOf(late) - isoMicrosecondsOf(early)).toBe(1);
  });

  it.each([undefined, 7, '', 'today', '2026-13-26T15:16:16Z', '2026-08-26T15:16:16', '1e9', '-1'])(
    'refuses %j',
    (value) => expect(() => isoTimeOf(value)).toThrow(MalformedFrameError),
  );
});
