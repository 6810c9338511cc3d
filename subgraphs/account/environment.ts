import { z } from 'zod';
import { readEnvironment } from '#shared/environment/read-environment.ts';
import { subgraphEnvironment } from '#shared/environment/subgraph-variables.ts';
import { flagVariable, httpUrlVariable } from '#shared/environment/variables.ts';
import type { OutsideIssuerSettings } from './identity/sign-in/outside-issuer.ts';

const OIDC = ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_JWKS_URL'] as const;

const schema = subgraphEnvironment(4001, {
  ACCESS_TOKEN_KEY: z.string(),
  SIGN_UP: flagVariable.default(false),
  OIDC_ISSUER: z.url().optional(),
  OIDC_AUDIENCE: z.string().min(1).optional(),
  OIDC_JWKS_URL: httpUrlVariable.optional(),
}).refine((variables) => [0, 3].includes(OIDC.filter((name) => name in variables).length), {
  path: ['OIDC_ISSUER'],
  message: 'needs OIDC_AUDIENCE and OIDC_JWKS_URL beside it, and they need it',
});

/** The variables of an account process, read and checked. */
export type AccountEnvironment = z.output<typeof schema>;

/** The only reader of `process.env` in this subgraph. @throws Error naming every problem */
export function readAccountEnvironment(): AccountEnvironment {
  return readEnvironment(schema, process.env);
}

/** The OpenID Connect issuer that the variables configure, if any. */
export function outsideIssuerOf({
  OIDC_ISSUER: issuer,
  OIDC_AUDIENCE: audience,
  OIDC_JWKS_URL: jwksUrl,
}: AccountEnvironment): OutsideIssuerSettings | undefined {
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) return undefined;
  return { issuer, audience, jwksUrl };
}
