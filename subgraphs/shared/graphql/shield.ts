import { createRequire } from 'node:module';
import util from 'node:util';

/**
 * The one graphql-shield, and the graphql-middleware that applies it; nothing else imports them.
 * graphql-shield 7.6.5 uses `isUndefined` of `node:util`, which Node 23 removed: its ESM build
 * cannot even be linked there, while the CommonJS build reads the name when it is called. So that
 * build is loaded, with the middleware of the same build, and the name is added if it is missing.
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
