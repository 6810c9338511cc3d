import type { Worth } from './group-steps.ts';
import type { SourceEvent } from './source-event-stream.ts';

/**
 * What someone who joins a stream of states late is sent first: the last state, and the heartbeat
 * after it. Without that, a state which has gone stale since would pass for a fresh one.
 */
export class LatestEvents {
  #state: SourceEvent | null = null;
  #heartbeat: SourceEvent | null = null;

  /** Both, in their order, as far as there were any. */
  get all(): readonly SourceEvent[] {
    return [this.#state, this.#heartbeat].filter((event) => event !== null);
  }

  /** Takes the stream's next event. */
  note(event: SourceEvent, worth: Worth): void {
    if (worth === 'lasting') return;
    if (worth === 'state') this.#state = event;
    this.#heartbeat = worth === 'passing' ? event : null;
  }

  /** Forgets them: the stream begins again. */
  forget(): void {
    this.#state = null;
    this.#heartbeat = null;
  }
}
