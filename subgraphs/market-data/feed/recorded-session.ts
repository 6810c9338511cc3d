import type { FeedEvent } from '../domain/feed-event.ts';

/** Something that was recorded at one moment. */
export interface RecordedMoment {
  /** By the clock of whoever recorded it, milliseconds since the epoch. */
  readonly atMs: number;
  /** Called once, in the order of the moments. @throws MalformedFrameError */
  decode(): readonly FeedEvent[];
}

/** What one venue sent while it was recorded. */
export interface RecordedSession {
  readonly venue: string;
  /** Everything from the beginning, for decoders that know nothing yet. */
  moments(): AsyncIterable<RecordedMoment>;
}
