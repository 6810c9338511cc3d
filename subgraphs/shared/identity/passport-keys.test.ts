import { describe, expect, it } from 'vitest';
import { passportKeysVariable, signingKeyVariable } from './passport-keys.ts';

const SECRET = 's'.repeat(32);

describe('passport keys as a variable', () => {
  it('are a list, with room for a rotation', () => {
    expect(passportKeysVariable.parse(`gateway.1=${SECRET}, gateway.2=${SECRET}x`)).toEqual([
      { kid: 'gateway.1', secret: SECRET },
      { kid: 'gateway.2', secret: `${SECRET}x` },
    ]);
  });

  it('have secrets of any form but a comma, such as the two = at the end of base64', () => {
    const secret = `${'s'.repeat(31)}=x==`;
    expect(passportKeysVariable.parse(`gateway.1= ${secret}`)).toEqual([
      { kid: 'gateway.1', secret },
    ]);
  });

  it('sign with the first', () => {
    expect(signingKeyVariable.parse(`order.2=${SECRET},order.1=${SECRET}`).kid).toBe('order.2');
  });

  it.each([
    ['a secret too short', `gateway.1=${SECRET.slice(1)}`],
    ['an issuer we do not have', `nobody.1=${SECRET}`],
    ['one name for two', `gateway.1=${SECRET},gateway.1=${SECRET}x`],
    ['no secret', 'gateway.1'],
    ['a list that ends in a comma', `gateway.1=${SECRET},`],
    ['nothing', ''],
  ])('with %s are refused, and the message holds no secret', (_case, text) => {
    const { success, error } = passportKeysVariable.safeParse(text);
    expect(success).toBe(false);
    expect(error?.message).not.toContain('sss');
  });
});
