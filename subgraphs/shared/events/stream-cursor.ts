import type { AccountId, RfqId } from '#shared/domain/ids.ts';
import { parseSequence } from '#shared/domain/sequence.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PrivateTopic } from './topics.ts';

/** The private stream that a cursor belongs to. */
export interface StreamIdentity {
  readonly topic: PrivateTopic;
  readonly streamId: AccountId | RfqId;
}

/** The opaque cursor of the event with this sequence; {@link parseStreamCursor} reads it back. */
export function encodeStreamCursor(stream: StreamIdentity, sequence: bigint): string {
  return Buffer.from(`${stream.topic}/${stream.streamId}/${sequence}`).toString('base64url');
}

/**
 * The sequence to continue after.
 * @throws DomainError BAD_USER_INPUT if the text is not a cursor of this very stream
 */
export function parseStreamCursor(stream: StreamIdentity, cursor: string): bigint {
  const [topic, streamId, sequence, ...more] = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .split('/');
  const isOfStream = topic === stream.topic && streamId === stream.streamId && more.length === 0;
  // Everything is after 0.
  const position = sequence === '0' ? 0n : parseSequence(sequence ?? '');
  if (isOfStream && position !== null) return position;
  throw new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    'Argument "after" is not a cursor of this stream.',
  );
}
