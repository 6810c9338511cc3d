import type { Frame } from './frame.ts';
import { Seat, type SeatOptions } from './seat.ts';
import { slowConsumer } from '../stream-errors.ts';

/** The most that can wait for one client, over all its streams. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** A private event that waits longer ends its stream, even if others went out meanwhile. */
const MAX_PRIVATE_WAIT_MS = 10_000;

/** A waiting frame, and since when it waits. */
interface Held {
  readonly frame: Frame;
  readonly sinceMs: number;
}

/**
 * A place in a stream whose every frame counts. While the client is behind they wait in order, up
 * to a bound. Beyond it a market stream begins again and the client gets a gap; a private one ends
 * with the cursor after which its client can continue.
 */
export class QueueSeat extends Seat {
  readonly #isPrivate: boolean;
  #held: Held[] = [];
  #heldBytes = 0;
  #isWaiting = false;
  #isLost = false;
  #cursor: string | null = null;

  constructor(options: SeatOptions, onOverflow: 'restart' | 'end') {
    super(options);
    this.#isPrivate = onOverflow === 'end';
  }

  send(frame: Frame): void {
    if (this.isClosed || this.#isLost) return;
    const { sink } = this.options;
    if (!this.#isWaiting && !sink.isBehind) return this.#deliver(frame);
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      sink.backlog.add(this);
    }
    const bytes = frame.text.length;
    if (!sink.backlog.hold(bytes, MAX_WAITING_BYTES)) return this.#overflow();
    this.#held.push({ frame, sinceMs: performance.now() });
    this.#heldBytes += bytes;
  }

  resume(): void {
    if (this.#isLost) return void this.#beginAnew();
    const { sink } = this.options;
    let taken = 0;
    for (const { frame } of this.#held) {
      if (sink.isBehind) break;
      this.#release(frame.text.length); // it is not held and sent at the same time
      this.#deliver(frame);
      taken += 1;
    }
    this.#held = this.#held.slice(taken);
    this.#isWaiting = this.#held.length > 0;
    if (this.#isWaiting) sink.backlog.add(this);
    else this.endWhenDue();
  }

  protected override get isHolding(): boolean {
    return this.#isWaiting;
  }

  wait(nowMs: number): void {
    const [oldest] = this.#held;
    if (!this.#isPrivate || oldest === undefined) return;
    if (nowMs - oldest.sinceMs > MAX_PRIVATE_WAIT_MS) this.#overflow();
  }

  override close(): void {
    this.#drop();
    super.close();
  }

  #deliver(frame: Frame): void {
    this.write(frame, this.#isPrivate);
    this.#cursor = frame.cursor ?? this.#cursor;
  }

  #overflow(): void {
    if (this.#isPrivate) return this.fail([slowConsumer(this.#cursor)]);
    this.#drop();
    this.#isLost = true;
    this.leave();
  }

  async #beginAnew(): Promise<void> {
    const isTold = await this.tellOfLoss(null);
    if (this.isClosed) return;
    if (!isTold) return this.fail([slowConsumer()]);
    this.#isLost = false;
    this.#isWaiting = false;
    this.open();
  }

  #drop(): void {
    this.#held = [];
    this.#release(this.#heldBytes);
  }

  #release(bytes: number): void {
    this.#heldBytes -= bytes;
    this.options.sink.backlog.release(bytes);
  }
}
