import type { Viewer } from '#shared/identity/viewer.ts';

/** Sockets of one signed-in viewer: dashboards, programs and a few that are half dead. */
const SOCKETS_PER_VIEWER = 10;
/** Sockets from one network address, whoever is behind it. */
const SOCKETS_PER_ADDRESS = 1000;
/** Subscriptions on one socket. */
export const OPERATIONS_PER_SOCKET = 50;
/**
 * A client can send all its subscriptions at once when it connects, and this many messages a second
 * after that.
 */
const MESSAGE_BURST = 100;
const MESSAGES_PER_SECOND = 20;

/** Counts things by a key and says when there are too many. */
export class Places {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place. @returns a function that gives it back, once; null if none is left */
  take(key: string): (() => void) | null {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#limit) return null;
    this.#counts.set(key, count + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left === 0) this.#counts.delete(key);
      else this.#counts.set(key, left);
    };
  }
}

/** The places for sockets and event streams that one gateway process has. */
export function socketPlaces(perViewer = SOCKETS_PER_VIEWER) {
  return {
    perViewer: new Places(perViewer),
    perAddress: new Places(SOCKETS_PER_ADDRESS),
    /** An event stream carries one operation: as many as one socket can carry. */
    eventStreamsPerViewer: new Places(OPERATIONS_PER_SOCKET),
  };
}

/** Whose sockets are counted together; null if only the address counts. */
export function placeKeyOf(viewer: Viewer): string | null {
  return viewer.kind === 'trader' ? viewer.userId : null;
}

/** The allowance of messages of one socket: a bucket that fills with time. */
export class MessageAllowance {
  #left = MESSAGE_BURST;
  #atMs = performance.now();

  /** Takes one message. @returns false if there were too many */
  take(): boolean {
    const now = performance.now();
    const refill = ((now - this.#atMs) / 1000) * MESSAGES_PER_SECOND;
    this.#left = Math.min(MESSAGE_BURST, this.#left + refill) - 1;
    this.#atMs = now;
    return this.#left >= 0;
  }
}
