import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createAccountServer } from './server.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { signedIn, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** What a process says that starts on the same store with a key of its own. */
async function errorsOfAnother(): Promise<readonly unknown[]> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const logger = createLogger({ unit: 'test', level: 'silent' });
  const error = vi.spyOn(logger, 'error');
  const another = await createAccountServer({
    databaseUrl: server.databaseUrl,
    bus: server.bus,
    passportKeys: [],
    accessTokenKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
    clock: systemClock,
    logger,
  });
  await another.stop();
  return error.mock.calls;
}

it('is noticed by a process that starts with it, once there is a second factor', async () => {
  expect(await errorsOfAnother()).toEqual([]);
  await turnOnSecondFactor(server, signedIn(await server.aTrader()));
  expect(await errorsOfAnother()).toEqual([
    [{ secondFactors: 1 }, expect.stringContaining('sealed with another ACCESS_TOKEN_KEY')],
  ]);
});
