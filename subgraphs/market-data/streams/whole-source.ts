import { BoundedQueue } from './bounded-queue.ts';
import { type ControlFrame, streamGap, streamHeartbeat } from './frames.ts';
import { type FrameSource, Silence, type StreamLimits } from './frame-source.ts';

/** What makes one kind of stream of one instrument, from which nothing is left out silently. */
export interface WholeStream<Item, Frame> {
  readonly symbol: string;
  /**
   * Starts listening; items are events with the state of their moment.
   * @returns a function that stops
   */
  listen(push: (item: Item) => void): () => void;
  /** What a new subscriber is sent first; nothing if there is nothing yet. */
  fresh(nowMs: number): Frame[];
  /** What a subscriber is sent for an item; nothing if {@link fresh} contained it already. */
  frames(item: Item, nowMs: number): Frame[];
  /** The sequence of the last frame; 0 before the first. */
  readonly sentSequence: number;
  /** The sequence of the newest state; 0 before the first. */
  readonly newestSequence: number;
  /** When the source last sent anything; null before that. */
  readonly sourceAtMs: number | null;
  /** Whether to report now that what was sent last can no longer be believed. */
  turnsStale(nowMs: number): boolean;
}

/**
 * A stream in which every change is a frame. A reader who does not keep up loses the oldest and is
 * notified: a gap, then a fresh beginning.
 */
export class WholeSource<Item, Frame> implements FrameSource<Frame | ControlFrame> {
  readonly #stream: WholeStream<Item, Frame>;
  readonly #limits: StreamLimits;
  readonly #queue: BoundedQueue<Item>;
  #silence: Silence;
  /** Frames that are made already: they go before the queue. */
  #ready: (Frame | ControlFrame)[] = [];
  #isOverrun = false;
  #stopListening: () => void = () => undefined;

  constructor(stream: WholeStream<Item, Frame>, limits: StreamLimits) {
    this.#stream = stream;
    this.#limits = limits;
    this.#queue = new BoundedQueue(limits.capacity);
    this.#silence = new Silence(limits.heartbeatMs, 0);
  }

  get backlog(): number {
    return this.#queue.length;
  }

  open(wake: () => void, nowMs: number): void {
    this.#silence = new Silence(this.#limits.heartbeatMs, nowMs);
    this.#stopListening = this.#stream.listen((item) => {
      if (this.#isOverrun) return;
      if (!this.#queue.push(item)) this.#overrun();
      wake();
    });
    this.#ready = this.#stream.fresh(nowMs);
  }

  take(nowMs: number): Frame | ControlFrame | null {
    const frame = this.#next(nowMs) ?? this.#heartbeat(nowMs);
    if (frame !== null) this.#silence.broken(nowMs);
    return frame;
  }

  dueAtMs(): null {
    return null;
  }

  close(): void {
    this.#stopListening();
    this.#queue.clear();
  }

  #next(nowMs: number): Frame | ControlFrame | null {
    if (this.#ready.length === 0 && this.#isOverrun) this.#recover(nowMs);
    while (this.#ready.length === 0) {
      const item = this.#queue.shift();
      if (item === undefined) return null;
      this.#ready = this.#stream.frames(item, nowMs);
    }
    return this.#ready.shift() ?? null;
  }

  #overrun(): void {
    this.#isOverrun = true;
    this.#queue.clear();
  }

  #recover(nowMs: number): void {
    const { symbol, sentSequence, newestSequence } = this.#stream;
    const gap = streamGap(symbol, 'SLOW_CONSUMER', { from: sentSequence, to: newestSequence });
    this.#ready = [gap, ...this.#stream.fresh(nowMs)];
    this.#isOverrun = false;
  }

  #heartbeat(nowMs: number): ControlFrame | null {
    const { symbol, sentSequence, sourceAtMs } = this.#stream;
    if (!this.#stream.turnsStale(nowMs) && !this.#silence.isTooLong(nowMs)) return null;
    return streamHeartbeat(symbol, sentSequence, { nowMs, sourceAtMs });
  }
}
