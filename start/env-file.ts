import { randomBytes } from 'node:crypto';
import { makeSecretFile } from '../prisma/secret-file.ts';
import { makeSecrets } from './secrets.ts';

const PASSWORDS = [
  'POSTGRES_PASSWORD',
  'ACCOUNT_DATABASE_PASSWORD',
  'MARKET_DATA_DATABASE_PASSWORD',
  'ORDER_DATABASE_PASSWORD',
  'REDIS_PASSWORD',
];

/**
 * Makes the file with all secrets that docker-compose.yml needs, which its owner alone can read. One that exists stays
 * as it is: without the secrets in it nobody gets at the databases, or checks a second factor, any more.
 * @throws Error with one clear sentence if the file exists
 */
export async function makeEnvFile(file: string): Promise<void> {
  const { accessTokenKey, gateway, order } = makeSecrets();
  const lines = [
    ...PASSWORDS.map((name) => `${name}=${randomBytes(24).toString('base64url')}`),
    `ACCESS_TOKEN_KEY='${accessTokenKey}'`,
    `GATEWAY_ACCOUNT_SECRET=${gateway.account.secret}`,
    `GATEWAY_MARKET_DATA_SECRET=${gateway['market-data'].secret}`,
    `GATEWAY_ORDER_SECRET=${gateway.order.secret}`,
    `ORDER_ACCOUNT_SECRET=${order.account.secret}`,
    `ORDER_MARKET_DATA_SECRET=${order['market-data'].secret}`,
  ];
  if (!(await makeSecretFile(file, `${lines.join('\n')}\n`)))
    throw new Error(
      `${file} exists, and a desk may need the secrets in it: move it away, or name another file.`,
    );
}
