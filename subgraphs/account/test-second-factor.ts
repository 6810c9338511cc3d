import { expect } from 'vitest';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { codeOf } from './test-authenticator.ts';
import type { TestServer } from './test-server.ts';

const START = `mutation ($input: StartSecondFactorInput) { startSecondFactor(input: $input) {
  ... on SecondFactorStarted { secret }
} }`;
const CONFIRM = `mutation ($input: SecondFactorCodeInput!) { confirmSecondFactor(input: $input) {
  ... on RecoveryCodesGiven { recoveryCodes }
} }`;

/** A second factor that is on; the code of the present half minute is used. */
export interface TestSecondFactor {
  readonly secret: string;
  /** None was used yet. */
  readonly recoveryCodes: readonly string[];
}

/** Turns a second factor on, with the password where the user has one. */
export async function turnOnSecondFactor(
  server: TestServer,
  viewer: Trader,
  options: { readonly currentPassword?: string; readonly origin?: ClientOrigin } = {},
): Promise<TestSecondFactor> {
  const { currentPassword, origin } = options;
  const ask = async (query: string, input: object) => {
    const { data, errors } = await server.subgraph.request<
      Record<string, Partial<TestSecondFactor>>
    >(...([viewer, query, { input }, origin] as const));
    expect(errors).toBeUndefined();
    return Object.values(data)[0] ?? {};
  };
  const { secret = '' } = await ask(START, { currentPassword });
  const { recoveryCodes = [] } = await ask(CONFIRM, { code: codeOf(secret) });
  return { secret, recoveryCodes };
}
