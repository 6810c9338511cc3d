import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { composeSupergraph, isSupergraphCurrent } from './compose.ts';

describe('the committed supergraph', () => {
  it('is what the three schemas compose to, with no real address in it', () => {
    const composed = composeSupergraph();
    expect(isSupergraphCurrent(composed)).toBe(true);
    expect(composed).toContain('url: "http://market-data.subgraph"');
    expect(isSupergraphCurrent(`${composed}\n`)).toBe(false);
  });

  it('is planned by one copy of the federation packages, for a second one answers wrongly', () => {
    const copies = execFileSync('find', [
      'node_modules',
      '-path',
      '*@apollo/federation-internals/package.json',
    ]);
    expect(copies.toString().trim().split('\n')).toHaveLength(1);
  });
});
