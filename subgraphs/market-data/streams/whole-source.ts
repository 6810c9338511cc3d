import { BoundedQueue } from './bounded-queue.ts';
import { type ControlFrame, streamGap, streamHeartbeat } from './frames.ts';
import { type FrameSource, Silence, type StreamLimits } from './frame-source.ts';

/** What one kind of complete stream needs: it leaves nothing out without reporting it. */
export interface WholeStream<Item, Frame> {
  readonly symbol: string;
  /**
   * Starts listening. Each item is an event with the state at that moment.
   * @returns a function that stops listening
   */
  listen(push: (item: Item) => void): () => void;
  /** The frames that a new subscriber gets first; empty if there is no state yet. */
  fresh(nowMs: number): Frame[];
  /** The frames for an item; empty if {@link fresh} already contained it. */
  frames(item: Item, nowMs: number): Frame[];
  /** The sequence of the last frame; 0 before the first. */
  readonly sentSequence: number;
  /** The sequence of the newest state; 0 before the first. */
  readonly newestSequence: number;
  /** When the source last sent anything; null if it has not yet. */
  readonly sourceAtMs: number | null;
  /** Whether the newest state is not reliable now; null if heartbeats do not say. */
  isStale(nowMs: number): boolean | null;
  /** Whether to send a heartbeat now, because that has changed. */
  staleHasChanged(nowMs: number): boolean;
}

/**
 * A stream in which every change is a frame. A client that does not keep up loses the oldest frames
 * and learns it by a gap, after which the stream begins again with the current state.
 */
export class WholeSource<Item, Frame> implements FrameSource<Frame | ControlFrame> {
  readonly #stream: WholeStream<Item, Frame>;
  readonly #limits: StreamLimits;
  readonly #queue: BoundedQueue<Item>;
  #silence: Silence;
  /** Finished frames, which are sent before the queue. */
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
    if (!this.#stream.staleHasChanged(nowMs) && !this.#silence.isTooLong(nowMs)) return null;
    const source = { nowMs, sourceAtMs, stale: this.#stream.isStale(nowMs) };
    return streamHeartbeat(symbol, sentSequence, source);
  }
}
