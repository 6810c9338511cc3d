import { MalformedFrameError } from './malformed-frame.ts';

/** The members of an object in a frame, none of them looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object's members. @throws MalformedFrameError if it is none */
export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null) return value as Fields;
  throw new MalformedFrameError(`${JSON.stringify(value)} is no object.`);
}

/** A list's elements. @throws MalformedFrameError if it is none */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new MalformedFrameError(`${JSON.stringify(value)} is no list.`);
}

/** Reads JSON whose amounts are texts. @throws MalformedFrameError if it is none */
export function parseFrame(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MalformedFrameError('it is no JSON.');
  }
}
