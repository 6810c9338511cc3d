import type { Desk } from './harness.ts';
import type { TraderClient } from './trader-client.ts';

const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { ... on SignedIn { accessToken } }
}`;

/** The same trader as a person who has signed in, for what no API key may do. */
export async function signedIn(
  desk: Pick<Desk, 'anonymous' | 'aClientWith'>,
  { email, accountId, apiKey }: TraderClient,
  password: string,
): Promise<TraderClient> {
  const { signIn } = await desk
    .anonymous()
    .request<{ signIn: { accessToken: string } }>(SIGN_IN, { input: { email, password } });
  const { accessToken } = signIn;
  return desk.aClientWith({ email, accountId, apiKey: apiKey ?? '', accessToken });
}
