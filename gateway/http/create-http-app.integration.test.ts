import { expect, it } from 'vitest';
import { RawClient } from '#shared/http/test-raw-client.ts';
import { startDeskFixture } from '../fixtures/desk-fixture.ts';

const BODY = '{"query":"{ serverTime }"}';
const HEAD = [
  'POST /graphql HTTP/1.1',
  'Host: desk',
  'Content-Type: application/json',
  `Content-Length: ${BODY.length}`,
];

it('a gateway that stops answers what is under way, refuses what still arrives, and lets go', async () => {
  const desk = await startDeskFixture();
  let answer: () => void = () => {};
  const asked = new Promise<void>((isAsked) => {
    desk.world.delay = () => {
      isAsked();
      return new Promise((resolve) => (answer = resolve));
    };
  });
  const late = new RawClient(desk.origin).send(...HEAD); // its headers have no end yet
  const early = new RawClient(desk.origin).send(...HEAD, '', BODY);
  await asked;
  const stopped = desk.gateway.stop();
  const refusal = await late.send('', BODY).closed;
  answer();
  const answered = await early.closed;
  await stopped;
  await desk.stop();

  expect(refusal).toMatch(/^HTTP\/1\.1 503 /);
  expect(refusal).toMatch(/^connection: close\r$/im);
  expect(refusal).toMatch(/^cache-control: no-store\r$/im);
  expect(JSON.parse(refusal.split('\r\n\r\n')[1] ?? '')).toMatchObject({
    errors: [{ extensions: { code: 'UNAVAILABLE', outcome: 'NOT_APPLIED', retryable: true } }],
  });
  expect(answered).toMatch(/^HTTP\/1\.1 200 /);
  expect(answered).toMatch(/^connection: close\r$/im);
  expect(answered).toContain('"serverTime"');
});
