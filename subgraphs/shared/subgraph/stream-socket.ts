import { WebSocket } from 'ws';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';

/** A gateway ends a connection that brings more than this in one message. */
export const MAX_EVENT_BYTES = 16 * 1024 * 1024;
const MOST_BYTES_OF_A_UNIT = 3;

type Data = Parameters<WebSocket['send']>[0];
type Options = Parameters<WebSocket['send']>[1];
type Done = (failure?: Error) => void;

/**
 * A subgraph's side of a connection that carries the streams of many clients. A message that is too
 * large fails alone, so that the protocol library ends its stream with this error, and the others
 * continue: what one client selects must not end the streams of all.
 */
export class StreamSocket extends WebSocket {
  override send(data: Data, done?: Done): void;
  override send(data: Data, options: Options, done?: Done): void;
  override send(data: Data, optionsOrDone?: Options | Done, done?: Done): void {
    if (typeof optionsOrDone === 'function') return this.send(data, {}, optionsOrDone);
    if (typeof data === 'string' && isTooLarge(data)) return done?.(tooLarge());
    super.send(data, optionsOrDone ?? {}, done);
  }
}

function isTooLarge(text: string): boolean {
  if (text.length * MOST_BYTES_OF_A_UNIT <= MAX_EVENT_BYTES) return false;
  return Buffer.byteLength(text) > MAX_EVENT_BYTES;
}

function tooLarge(): DomainError {
  return new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    'An event of this stream is too large: select less of it.',
  );
}
