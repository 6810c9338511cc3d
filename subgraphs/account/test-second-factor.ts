import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { codeOf } from './test-authenticator.ts';
import { TEST_PASSWORD, type TestServer } from './test-server.ts';

const START = `mutation ($input: StartSecondFactorInput) { startSecondFactor(input: $input) {
  ... on SecondFactorStarted { secret }
} }`;
const CONFIRM = `mutation ($input: SecondFactorCodeInput!) { confirmSecondFactor(input: $input) {
  ... on RecoveryCodesGiven { recoveryCodes }
} }`;

/** A second factor that is on. The next code that was not used is that of the next half minute. */
export interface TestSecondFactor {
  readonly secret: string;
  /** The code that turned it on. */
  readonly usedCode: string;
  /** None was used yet. */
  readonly recoveryCodes: readonly string[];
}

/** Turns a second factor on for a user with a password, that of tests if none is given. */
export async function turnOnSecondFactor(
  server: TestServer,
  viewer: Trader,
  options: { readonly currentPassword?: string; readonly origin?: ClientOrigin } = {},
): Promise<TestSecondFactor> {
  const { currentPassword = TEST_PASSWORD, origin } = options;
  const ask = (query: string, input: object): Promise<Partial<TestSecondFactor>> =>
    server.ask(viewer, query, input, origin);
  const { secret = '' } = await ask(START, { currentPassword });
  const usedCode = codeOf(secret);
  const { recoveryCodes = [] } = await ask(CONFIRM, { code: usedCode });
  return { secret, usedCode, recoveryCodes };
}
