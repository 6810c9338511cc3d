import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { PassportKey } from '#shared/identity/passport.ts';
import { readSecretFile, writeSecretFile } from '../prisma/secret-file.ts';

/** The keys that the four servers share: one for each pair that communicates. */
export interface DeskSecrets {
  /** The private key that signs access tokens, a JWK as text. */
  readonly accessTokenKey: string;
  /** The gateway's signing keys, by the subgraph it calls. */
  readonly gateway: Readonly<Record<'account' | 'market-data' | 'order', PassportKey>>;
  /** The order subgraph's signing keys, by the subgraph it calls. */
  readonly order: Readonly<Record<'account' | 'market-data', PassportKey>>;
}

const passportKey = z.object({ kid: z.string().min(1), secret: z.string().min(32) });
const form = z.object({
  accessTokenKey: z.string().min(1),
  gateway: z.object({ account: passportKey, 'market-data': passportKey, order: passportKey }),
  order: z.object({ account: passportKey, 'market-data': passportKey }),
});

/** Reads the secrets of this installation, or makes them the first time (mode 600). */
export async function readOrMakeSecrets(file: string): Promise<DeskSecrets> {
  const known = await readSecretFile<DeskSecrets>(file, form);
  if (known !== null) return known;
  const secrets = makeSecrets();
  await writeSecretFile(file, JSON.stringify(secrets, null, 2));
  return secrets;
}

/** Fresh secrets for one desk. */
export function makeSecrets(): DeskSecrets {
  const key = (kid: string): PassportKey => ({
    kid,
    secret: randomBytes(32).toString('base64url'),
  });
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    accessTokenKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
    gateway: {
      account: key('gateway.1'),
      'market-data': key('gateway.1'),
      order: key('gateway.1'),
    },
    order: { account: key('order.1'), 'market-data': key('order.1') },
  };
}
