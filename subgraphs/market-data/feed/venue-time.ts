import { MalformedFrameError } from './malformed-frame.ts';

const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/;
const EPOCH_SECONDS = /^(\d{1,10})(?:\.(\d{1,9}))?$/;
const MICROSECONDS = 6;

/**
 * `2026-08-26T15:16:16.637831Z` as milliseconds since the epoch; what is finer is cut off.
 * @throws MalformedFrameError
 */
export function isoTimeOf(text: unknown): number {
  return millisecondsOf(isoMicrosecondsOf(text));
}

/** The same in microseconds: two messages may share a millisecond. @throws MalformedFrameError */
export function isoMicrosecondsOf(text: unknown): number {
  const microseconds = typeof text === 'string' ? sameSecondOf(text) : null;
  if (microseconds !== null) return microseconds;
  const match = typeof text === 'string' ? ISO.exec(text) : null;
  if (match === null) throw new MalformedFrameError(`${JSON.stringify(text)} is no time.`);
  return secondOf(match[1] as string) * 1000 + fractionOf(match[2]);
}

/**
 * `1618678133.365913`, in seconds, as microseconds since the epoch; what is finer is cut off.
 * @throws MalformedFrameError
 */
export function epochMicrosecondsOf(text: unknown): number {
  const match = typeof text === 'string' ? EPOCH_SECONDS.exec(text) : null;
  if (match === null) throw new MalformedFrameError(`${JSON.stringify(text)} is no time.`);
  return Number(match[1]) * 1_000_000 + fractionOf(match[2]);
}

/** Milliseconds of microseconds, the rest cut off. */
export function millisecondsOf(microseconds: number): number {
  return Math.floor(microseconds / 1000);
}

/** Thousands of messages share a second, so the last one is remembered. */
let lastSecond = { text: '', milliseconds: 0 };

/** The usual case without a search: the last second, and six digits. */
function sameSecondOf(text: string): number | null {
  const start = lastSecond.text.length;
  const end = start + 1 + MICROSECONDS;
  if (start === 0 || text.length !== end + 1) return null;
  if (text[start] !== '.' || text[end] !== 'Z' || !text.startsWith(lastSecond.text)) return null;
  let fraction = 0;
  for (let index = start + 1; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return null;
    fraction = fraction * 10 + digit;
  }
  return lastSecond.milliseconds * 1000 + fraction;
}

function secondOf(text: string): number {
  if (text === lastSecond.text) return lastSecond.milliseconds;
  const milliseconds = Date.parse(`${text}Z`);
  if (Number.isNaN(milliseconds)) throw new MalformedFrameError(`${text} is no time.`);
  lastSecond = { text, milliseconds };
  return milliseconds;
}

function fractionOf(digits = ''): number {
  return Number(digits.slice(0, MICROSECONDS).padEnd(MICROSECONDS, '0'));
}
