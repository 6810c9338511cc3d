import { MalformedFrameError } from './malformed-frame.ts';

/** The members of an object in a frame, not validated yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object's members. @throws MalformedFrameError if it is not an object */
export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null) return value as Fields;
  throw new MalformedFrameError(`${JSON.stringify(value)} is not an object.`);
}

/** A list's elements. @throws MalformedFrameError if it is not a list */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new MalformedFrameError(`${JSON.stringify(value)} is not a list.`);
}

/** Parses JSON whose amounts are strings. @throws MalformedFrameError if it is not JSON */
export function parseFrame(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MalformedFrameError('it is not JSON.');
  }
}
