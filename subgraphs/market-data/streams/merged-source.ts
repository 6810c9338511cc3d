import type { FrameSource } from './frame-source.ts';

/** Several sources as one. They take turns, so a busy source cannot starve another. */
export class MergedSource<Frame> implements FrameSource<Frame> {
  readonly #sources: readonly FrameSource<Frame>[];
  #turn = 0;

  constructor(sources: readonly FrameSource<Frame>[]) {
    this.#sources = sources;
  }

  get backlog(): number {
    return this.#sources.reduce((sum, source) => sum + source.backlog, 0);
  }

  open(wake: () => void, nowMs: number): void {
    for (const source of this.#sources) source.open(wake, nowMs);
  }

  take(nowMs: number): Frame | null {
    for (let asked = 0; asked < this.#sources.length; asked += 1) {
      const frame = this.#sources[this.#turn]?.take(nowMs) ?? null;
      this.#turn = (this.#turn + 1) % this.#sources.length;
      if (frame !== null) return frame;
    }
    return null;
  }

  dueAtMs(): number | null {
    const due = this.#sources.map((source) => source.dueAtMs()).filter((atMs) => atMs !== null);
    return due.length === 0 ? null : Math.min(...due);
  }

  close(): void {
    for (const source of this.#sources) source.close();
  }
}
