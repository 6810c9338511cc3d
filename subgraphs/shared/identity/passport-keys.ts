import { z } from 'zod';
import { issuerOf, type PassportKey } from './passport.ts';

const MIN_SECRET_LENGTH = 32;

/**
 * A list of passport keys in one variable: `gateway.1=secret,order.1=secret`. A verifier accepts
 * all of them; a signer uses the first.
 */
export const passportKeysVariable = z.string().transform((text, context): PassportKey[] => {
  const known = new Set<string>();
  return text.split(',').flatMap((entry) => {
    const [name = '', ...rest] = entry.split('=');
    // A secret can contain `=` itself: base64 ends with it.
    const [kid, secret] = [name.trim(), rest.join('=').trim()];
    if (known.size === known.add(kid).size)
      context.addIssue({ code: 'custom', message: `names ${kid} twice` });
    if (issuerOf(kid) !== null && secret.length >= MIN_SECRET_LENGTH) return [{ kid, secret }];
    context.addIssue({
      code: 'custom',
      message: `each key is <issuer>.<generation>=<secret of at least ${MIN_SECRET_LENGTH} characters>, separated by commas`,
    });
    return [];
  });
});

/** As {@link passportKeysVariable}, for a signer: its first key. */
export const signingKeyVariable = passportKeysVariable.transform(([key], context): PassportKey => {
  if (key !== undefined) return key;
  context.addIssue({ code: 'custom', message: 'names no key' });
  return z.NEVER;
});
