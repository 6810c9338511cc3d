import type { Frame } from './frame.ts';
import { Seat } from './seat.ts';
import { GAP } from '../stream-gap.ts';

/**
 * A place in a stream of states. While the client is behind, only references to the newest frames
 * are kept, one of each type; a gap is reported before they follow.
 */
export class NewestSeat extends Seat {
  /** By type, in order; null while the client keeps up. */
  #held: Map<string, Frame> | null = null;
  #hasMissed = false;

  send(frame: Frame): void {
    const { sink } = this.options;
    if (this.#held !== null) return this.#hold(this.#held, frame);
    if (!sink.isBehind) return this.write(frame);
    this.#held = new Map([[frame.type, frame]]);
    sink.backlog.add(this);
  }

  resume(): void {
    const frames = [...(this.#held?.values() ?? [])];
    if (this.#hasMissed) return void this.#tellFirst(frames);
    this.#held = null;
    for (const frame of frames) this.write(frame);
    this.endWhenDue();
  }

  protected override get isHolding(): boolean {
    return this.#held !== null;
  }

  wait(): void {} // for any time: it holds next to nothing

  #hold(held: Map<string, Frame>, frame: Frame): void {
    const { type, isState } = frame;
    const before = held.size;
    // A gap that replaces another one must still be reported.
    if (isState || type === GAP) this.#hasMissed ||= held.has(type);
    if (isState) {
      // Only a gap still means something before a newer state.
      for (const older of held.keys()) if (older !== GAP) held.delete(older);
    }
    held.delete(type);
    this.options.onConflated(before - held.size);
    held.set(type, frame);
  }

  async #tellFirst(frames: readonly Frame[]): Promise<void> {
    // What arrives meanwhile waits until this has been sent.
    this.#held = new Map();
    this.#hasMissed = false;
    await this.tellOfLoss(frames.find(({ isState }) => isState)?.sequence ?? null);
    if (this.isClosed) return;
    for (const frame of frames) this.write(frame);
    if (this.#held.size === 0 || !this.options.sink.isBehind) this.resume();
    else this.options.sink.backlog.add(this);
  }
}
