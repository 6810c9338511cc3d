// What strangers ask is remembered, but not without a bound: comments are no tokens and cost nothing.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';

const DOCUMENTS = 150;
const COMMENT = 'x'.repeat(200_000);
const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe('thirty megabytes of documents with long comments', () => {
  let desk: DeskFixture;
  beforeAll(async () => {
    desk = await startDeskFixture();
  });
  afterAll(() => desk.stop());

  const ask = async (number: number, accept: string): Promise<string> => {
    const response = await fetch(`${desk.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: `{ __typename } # ${number} ${COMMENT}` }),
    });
    return response.text();
  };

  it.each(['application/json', 'text/event-stream'])('are not kept, as %s', async (accept) => {
    expect(await ask(0, accept)).toContain('"__typename":"Query"');
    const before = heapBytes();
    for (let number = 1; number <= DOCUMENTS; number += 1) await ask(number, accept);
    expect(heapBytes() - before).toBeLessThan(8 * MEGABYTE);
  });
});
