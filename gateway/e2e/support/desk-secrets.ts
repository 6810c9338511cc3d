import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { PassportKey } from '#shared/identity/passport.ts';

/** Fresh secrets for one desk: nothing in a test knows a key that another one could use. */
export function makeDeskSecrets() {
  const key = (kid: string): PassportKey => ({
    kid,
    secret: randomBytes(32).toString('base64url'),
  });
  const gateway = {
    account: key('gateway.1'),
    'market-data': key('gateway.1'),
    order: key('gateway.1'),
  };
  const order = { account: key('order.1'), 'market-data': key('order.1') };
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    gateway,
    order,
    accepted: {
      account: [gateway.account, order.account],
      'market-data': [gateway['market-data'], order['market-data']],
      order: [gateway.order],
    },
    accessTokenKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
  };
}
