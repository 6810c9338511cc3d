import type { FeedEvent } from '../../domain/feed-event.ts';

/** One recorded message and its time. */
export interface RecordedMoment {
  /** By the recorder's clock, milliseconds since the epoch. */
  readonly atMs: number;
  /** Called once, in the order of the moments. @throws MalformedFrameError */
  decode(): readonly FeedEvent[];
}

/** Everything that one venue sent while it was recorded. */
export interface RecordedSession {
  readonly venue: string;
  /** All moments from the beginning, for new decoders. */
  moments(): AsyncIterable<RecordedMoment>;
}
