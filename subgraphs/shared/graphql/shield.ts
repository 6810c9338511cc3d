import { createRequire } from 'node:module';
import util from 'node:util';

/**
 * THE graphql-shield and the graphql-middleware it is applied with; nobody else imports them.
 * graphql-shield 7.6.5 uses `isUndefined` of `node:util`, which Node 23 removed: its ESM build cannot
 * even be linked there, while the CommonJS build reads the name when it is called. So that one is
 * loaded, with the middleware of the same build, and the name is given back where it is missing.
 */
const require = createRequire(import.meta.url);
if (!('isUndefined' in util))
  Object.assign(util, { isUndefined: (value: unknown) => value === undefined });
const graphqlShield = require('graphql-shield') as typeof import('graphql-shield');
const graphqlMiddleware = require('graphql-middleware') as typeof import('graphql-middleware');

/** Rules and what applies them; see graphql-shield's own manual. */
export const { allow, deny, rule, shield } = graphqlShield;
/** Wraps the resolvers of a schema; see graphql-middleware's own manual. */
export const { applyMiddleware } = graphqlMiddleware;
