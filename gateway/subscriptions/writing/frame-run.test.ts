import { describe, expect, it } from 'vitest';
import { FrameRun } from './frame-run.ts';

describe('a run of frames', () => {
  it('is the very same for all who are sent the same, and another for others', () => {
    const first = FrameRun.of('a').and('b');
    expect(FrameRun.of('a').and('b')).toBe(first);
    expect(FrameRun.of('a').and('c')).not.toBe(first);
    expect(FrameRun.of('b')).not.toBe(first);
  });

  it('is put together once for all own parts of one length', () => {
    const run = FrameRun.of('shared').and('text');
    expect(run.templateFor(5)).toBeNull(); // one client alone
    expect(FrameRun.of('shared').and('text')).toBe(run);
    expect(run.templateFor(5)).not.toBeNull();
    expect(run.templateFor(5)).toBe(run.templateFor(5));
    expect(run.templateFor(6)).not.toBe(run.templateFor(5));
  });

  it('keeps bytes for few lengths: clients choose their ids', () => {
    FrameRun.of('of many');
    const run = FrameRun.of('of many');
    const templates = Array.from({ length: 1000 }, (_, length) => run.templateFor(length));
    expect(templates.filter((template) => template !== null)).toHaveLength(4);
    FrameRun.of('of somebody');
    expect(FrameRun.of('of somebody').templateFor(60_000)).toBeNull();
  });
});
