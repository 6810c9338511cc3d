import { MalformedFrameError } from './frames/malformed-frame.ts';

/** Rejects hour 24, which is valid only at exactly midnight. */
const ISO_MINUTE = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:$/;
const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/;
const MICROSECONDS = 6;

/**
 * `2026-08-26T15:16:16.637831Z` as milliseconds since the epoch; finer digits are cut off.
 * @throws MalformedFrameError
 */
export function isoTimeOf(text: unknown): number {
  return millisecondsOf(isoMicrosecondsOf(text));
}

/** The same in microseconds, because two messages can share a millisecond. @throws MalformedFrameError */
export function isoMicrosecondsOf(text: unknown): number {
  const match = typeof text === 'string' ? ISO.exec(text) : null;
  const milliseconds = match === null ? NaN : Date.parse(`${match[1]}Z`);
  if (Number.isNaN(milliseconds))
    throw new MalformedFrameError(`${JSON.stringify(text)} is not a time.`);
  return milliseconds * 1000 + fractionOf(match?.[2]);
}

/** The microseconds of a full minute, like `2026-08-26T15:16:`; null for anything else. */
export function isoMinuteOf(text: string): number | null {
  const milliseconds = ISO_MINUTE.test(text) ? Date.parse(`${text}00Z`) : NaN;
  return Number.isNaN(milliseconds) ? null : milliseconds * 1000;
}

/** Microseconds as whole milliseconds, rounded down. */
export function millisecondsOf(microseconds: number): number {
  return Math.floor(microseconds / 1000);
}

function fractionOf(digits = ''): number {
  return Number(digits.slice(0, MICROSECONDS).padEnd(MICROSECONDS, '0'));
}
