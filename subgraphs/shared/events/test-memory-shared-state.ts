import type { SharedState } from './shared-state.ts';

/** The state of one process, or of several servers inside it. */
export class MemorySharedState implements SharedState {
  readonly #duties = new Map<string, { readonly owner: string; readonly endsAtMs: number }>();
  readonly #texts = new Map<string, string>();

  hold(duty: string, owner: string, lastsMs: number): Promise<boolean> {
    const nowMs = performance.now();
    const held = this.#duties.get(duty);
    const isFree = held === undefined || held.owner === owner || held.endsAtMs <= nowMs;
    if (isFree) this.#duties.set(duty, { owner, endsAtMs: nowMs + lastsMs });
    return Promise.resolve(isFree);
  }

  release(duty: string, owner: string): Promise<void> {
    if (this.#duties.get(duty)?.owner === owner) this.#duties.delete(duty);
    return Promise.resolve();
  }

  put(name: string, text: string): Promise<void> {
    this.#texts.set(name, text);
    return Promise.resolve();
  }

  get(name: string): Promise<string | null> {
    return Promise.resolve(this.#texts.get(name) ?? null);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
