import { expect, it } from 'vitest';
import { textOfAnswer } from './text-of-answer.ts';

it('is the whole text of an answer, without a mark of its encoding', async () => {
  const body = new Blob([Uint8Array.of(0xef, 0xbb, 0xbf), '{"price":"1 ', '€"}']);
  expect(await textOfAnswer(new Response(body))).toBe('{"price":"1 €"}');
  expect(await textOfAnswer(new Response(null))).toBe('');
});

it('does not read an answer without an end', async () => {
  let taken = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      taken += 1;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  await expect(textOfAnswer(new Response(endless), 10_000)).rejects.toThrow(
    'The venue answered more than 10000 bytes.',
  );
  expect(taken).toBeLessThan(20);
});
