import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { FRAME_KINDS, frameLines } from './frame-file.ts';
import { MalformedFrameError } from '../frames/malformed-frame.ts';
import type { VenueConversation, VenueProtocol } from '../live/venue-protocol.ts';
import type { RecordedMoment, RecordedSession } from './recorded-session.ts';
import { StaleCounterError } from '../stale-counters.ts';

/** Digits of a line's time below a millisecond. */
const FINER_DIGITS = 6;

/** One line of a file. */
interface RecordedFrame {
  readonly atMs: number;
  readonly kind: string;
  readonly text: string;
}

/**
 * Recorded frames of any venue, played through the conversation of a live connection. Where the
 * recording lost its connection, a new conversation starts from nothing.
 */
export class FrameSession implements RecordedSession {
  readonly venue: string;
  readonly #protocol: VenueProtocol;
  readonly #symbols: ReadonlyMap<string, InstrumentSymbol>;
  readonly #paths: readonly string[];

  /** @param options.symbols the venue's symbol → ours */
  constructor(options: {
    readonly protocol: VenueProtocol;
    readonly symbols: ReadonlyMap<string, InstrumentSymbol>;
    readonly paths: readonly string[];
  }) {
    this.venue = options.protocol.venue;
    this.#protocol = options.protocol;
    this.#symbols = options.symbols;
    this.#paths = options.paths;
  }

  async *moments(): AsyncGenerator<RecordedMoment, void> {
    let conversation = this.#protocol.converse(this.#symbols);
    for await (const { atMs, kind, text } of this.#lines()) {
      if (kind === FRAME_KINDS.connected) conversation = this.#protocol.converse(this.#symbols);
      const current = conversation;
      yield { atMs, decode: () => eventsOf(current, kind, text) };
    }
  }

  /** Adds the loss of a connection that a killed recorder could not write. */
  async *#lines(): AsyncGenerator<RecordedFrame, void> {
    let isConnected = false;
    for (const path of this.#paths)
      for await (const line of frameLines(path)) {
        const frame = frameOf(line);
        const { atMs, kind } = frame;
        if (kind === FRAME_KINDS.connected && isConnected)
          yield { atMs, kind: FRAME_KINDS.lost, text: '' };
        isConnected = kind === FRAME_KINDS.connected || (isConnected && kind !== FRAME_KINDS.lost);
        yield frame;
      }
  }
}

function frameOf(line: string): RecordedFrame {
  const space = line.indexOf(' ');
  const atMs = Number(line.slice(0, space - FINER_DIGITS));
  return { atMs, kind: line[space + 1] ?? '', text: line.slice(space + 2) };
}

function eventsOf(
  conversation: VenueConversation,
  kind: string,
  text: string,
): readonly FeedEvent[] {
  switch (kind) {
    case FRAME_KINDS.connected:
      return [{ kind: 'connection', isConnected: true }];
    case FRAME_KINDS.lost:
      return [{ kind: 'connection', isConnected: false }];
    case FRAME_KINDS.frame:
      return frameEvents(conversation, text);
    case FRAME_KINDS.answer:
      return answerEvents(conversation, text);
    default:
      throw new MalformedFrameError('its line is of an unknown kind.');
  }
}

/** Repeats change nothing: if a live connection ended because of them, its loss is recorded. */
function frameEvents(conversation: VenueConversation, text: string): readonly FeedEvent[] {
  try {
    return conversation.frame(text);
  } catch (cause) {
    if (cause instanceof StaleCounterError) return [];
    throw cause;
  }
}

function answerEvents(conversation: VenueConversation, text: string): readonly FeedEvent[] {
  const space = text.indexOf(' ');
  const rebuild = conversation.rebuild(text.slice(0, space));
  return rebuild.kind === 'fetch' ? rebuild.take(text.slice(space + 1)) : [];
}
