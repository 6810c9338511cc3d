import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { RequestStep } from './request-step.ts';

const CLIENT_MISTAKES: ReadonlySet<unknown> = new Set([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.BAD_USER_INPUT,
]);

/**
 * GraphQL over HTTP: a well-formed request with a wrong document or variables is answered 200 to a
 * client that accepts only `application/json`, since that client cannot tell a server's words from
 * a proxy's. Malformed requests keep their 400, and so do clients that send no `Accept`.
 */
export const clientMistakesAs200: RequestStep = {
  willSendResponse: ({ request, response }) => {
    const accept = request.http?.headers.get('accept') ?? '';
    const isLegacy =
      accept.includes('application/json') && !accept.includes('application/graphql-response+json');
    const errors = response.body.kind === 'single' ? response.body.singleResult.errors : null;
    if (response.http.status !== 400 || !isLegacy || !errors?.length) return;
    if (errors.every(({ extensions }) => CLIENT_MISTAKES.has(extensions?.['code'])))
      response.http.status = 200;
  },
};
