import type { GraphQLError } from 'graphql';
import type { SourceEvent } from './source-event-stream.ts';
import type { Room } from './waiting-room.ts';

/**
 * What an event is worth when a newer state follows it: a state was replaced, a heartbeat means
 * nothing any more, and anything else still counts.
 */
export type Worth = 'state' | 'passing' | 'lasting';

/** Something that a group does in its turn. */
export type Step =
  | {
      readonly kind: 'event';
      readonly event: SourceEvent;
      readonly worth: Worth;
      /** Where it came from; only the sequences of one process can be compared. */
      readonly process: object | undefined;
      /** Since when it waits, by `performance.now()`. */
      readonly sinceMs: number;
      /** The room that it takes while it waits. */
      readonly bytes: number;
    }
  /** An event after which nothing is known until `restart`. */
  | { readonly kind: 'gap'; readonly event: SourceEvent }
  | { readonly kind: 'restart' }
  | { readonly kind: 'end' }
  | { readonly kind: 'fail'; readonly errors: readonly GraphQLError[] };

/** A state that waits for longer is left out if a newer one arrives; a burst is not. */
const LATE_MS = 100;

/** What a group still has to do, in order. */
export class GroupSteps {
  readonly #room: Room;
  #steps: Step[] = [];

  /** @param room for events that wait, and for the one that is being done */
  constructor(room: Room) {
    this.#room = room;
  }

  /** How many there are. */
  get length(): number {
    return this.#steps.length;
  }

  /** Adds the last one. @returns false if there is no room for it */
  add(step: Step): boolean {
    if (step.kind === 'event' && !this.#room.take(step.bytes)) return false;
    this.#steps.push(step);
    return true;
  }

  /** Takes the first one, which must be reported as done; undefined if nothing is left to do. */
  take(): Step | undefined {
    return this.#steps.shift();
  }

  /** The next ones, at most so many. */
  next(count: number): readonly Step[] {
    return this.#steps.slice(0, count);
  }

  /** What was taken is over. */
  done(step: Step): void {
    if (step.kind === 'event') this.#room.release(step.bytes);
  }

  /** Drops all of them. */
  clear(): void {
    for (const step of this.#steps) this.done(step);
    this.#steps = [];
  }

  /**
   * Drops what means nothing once a newer state follows, if any of it is late.
   * @returns how many states were among it
   */
  dropReplaced(nowMs: number): number {
    const isLate = this.#steps.some(
      (step) => step.kind === 'event' && nowMs - step.sinceMs > LATE_MS,
    );
    if (!isLate) return 0;
    const worths = this.#steps.map((step) => (step.kind === 'event' ? step.worth : 'lasting'));
    for (const [index, step] of this.#steps.entries())
      if (worths[index] !== 'lasting') this.done(step);
    this.#steps = this.#steps.filter((_, index) => worths[index] === 'lasting');
    return worths.filter((worth) => worth === 'state').length;
  }
}
