import type { AccountId, RfqId } from '#shared/domain/ids.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PrivateTopic } from './topics.ts';

/** Which private stream a cursor belongs to. */
export interface StreamIdentity {
  readonly topic: PrivateTopic;
  readonly streamId: AccountId | RfqId;
}

const SEQUENCE = /^(0|[1-9]\d{0,18})$/;

/** The opaque cursor of the event with this sequence; {@link parseStreamCursor} reads it back. */
export function encodeStreamCursor(stream: StreamIdentity, sequence: bigint): string {
  return Buffer.from(`${stream.topic}/${stream.streamId}/${sequence}`).toString('base64url');
}

/**
 * The sequence behind which to go on.
 * @throws DomainError BAD_USER_INPUT when the text is no cursor of this very stream
 */
export function parseStreamCursor(stream: StreamIdentity, cursor: string): bigint {
  const [topic, streamId, sequence, ...more] = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .split('/');
  if (
    topic === stream.topic &&
    streamId === stream.streamId &&
    sequence !== undefined &&
    SEQUENCE.test(sequence) &&
    more.length === 0
  )
    return BigInt(sequence);
  throw new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    'Argument "after" is not a cursor of this stream.',
  );
}
