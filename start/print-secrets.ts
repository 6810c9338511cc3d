import { randomBytes } from 'node:crypto';
import { makeSecrets } from './secrets.ts';

const PASSWORDS = [
  'POSTGRES_PASSWORD',
  'ACCOUNT_DATABASE_PASSWORD',
  'MARKET_DATA_DATABASE_PASSWORD',
  'ORDER_DATABASE_PASSWORD',
  'REDIS_PASSWORD',
];

/**
 * `npm run --silent secrets > .env`: fresh values for all secrets that docker-compose.yml needs.
 */
function main(): void {
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
  process.stdout.write(`${lines.join('\n')}\n`);
}

main();
