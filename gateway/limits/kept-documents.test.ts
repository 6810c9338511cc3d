import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { documentStore, noteReader } from './kept-documents.ts';

it('documents of others are kept, however many long ones one principal sends', async () => {
  const store = documentStore();
  const keep = async (key: string, principal: string, comment = '') => {
    const document = parse(`{ a } # ${comment}`);
    noteReader(document, principal);
    await store?.set(key, document);
  };
  await keep('short', 'user:anna');
  for (let number = 0; number < 12; number += 1)
    await keep(`${number}`, 'user:bert', 'x'.repeat(120_000));
  expect(await store?.get('short')).toBeDefined();
  expect(await store?.get('0')).toBeUndefined();
  expect(await store?.get('11')).toBeDefined();
});
