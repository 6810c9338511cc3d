/**
 * What the processes of one unit share beside the bus: which of them has a duty, and the newest of
 * what changes all the time. Nothing of value is here alone.
 */
export interface SharedState {
  /**
   * Takes a duty that nobody has, or renews one's own, for this long.
   * @returns whether `owner` has it now
   * @throws Error if that cannot be known
   */
  hold(duty: string, owner: string, lastsMs: number): Promise<boolean>;
  /** Gives a duty up, so that another process need not wait. */
  release(duty: string, owner: string): Promise<void>;
  /** Keeps the newest text under a name. */
  put(name: string, text: string): Promise<void>;
  /** The newest text under a name; null if there is none. */
  get(name: string): Promise<string | null>;
  /** Ends connections. */
  dispose(): Promise<void>;
}
