import type { AccountId, RfqId } from '#shared/domain/ids.ts';
import { parseSequence } from '#shared/domain/sequence.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PrivateTopic } from './topics.ts';

/** The private stream that a cursor belongs to. */
export interface StreamIdentity {
  readonly topic: PrivateTopic;
  readonly streamId: AccountId | RfqId;
}

/** The place after an event of a private stream. */
export interface StreamPosition {
  readonly sequence: bigint;
  /**
   * When the event happened, as it says itself. After a backup was restored its sequence is given to another event, whose
   * time differs. Null if there is no event yet, or the cursor is from a version that did not write it.
   */
  readonly at: string | null;
}

/** The opaque cursor of a position; {@link parseStreamCursor} reads it back. */
export function encodeStreamCursor(
  { topic, streamId }: StreamIdentity,
  { sequence, at }: StreamPosition,
): string {
  const parts = [topic, streamId, `${sequence}`, ...(at === null ? [] : [at])];
  return Buffer.from(parts.join('/')).toString('base64url');
}

/**
 * The position to continue after.
 * @throws DomainError BAD_USER_INPUT if the text is not a cursor of this very stream
 */
export function parseStreamCursor(stream: StreamIdentity, cursor: string): StreamPosition {
  const [topic, streamId, text, at = null, ...more] = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .split('/');
  const isOfStream = topic === stream.topic && streamId === stream.streamId && more.length === 0;
  // Everything is after 0.
  const sequence = text === '0' ? 0n : parseSequence(text ?? '');
  if (isOfStream && sequence !== null) return { sequence, at };
  throw new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    'Argument "after" is not a cursor of this stream.',
  );
}
