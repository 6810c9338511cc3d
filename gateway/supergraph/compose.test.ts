import { describe, expect, it } from 'vitest';
import { composeSupergraph, isSupergraphCurrent } from './compose.ts';

describe('the committed supergraph', () => {
  it('is what the three schemas compose to, with no real address in it', () => {
    const composed = composeSupergraph();
    expect(isSupergraphCurrent(composed)).toBe(true);
    expect(composed).toContain('url: "http://market-data.subgraph"');
    expect(isSupergraphCurrent(`${composed}\n`)).toBe(false);
  });
});
