import { accepts } from './accepted-types.ts';
import type { RequestStep } from './request-step.ts';

const LEGACY = 'application/json';
const CURRENT = 'application/graphql-response+json';

/**
 * Names the type of every answer: the current one if the client accepts it by name. Otherwise Apollo
 * Server compares the types with `Accept` once the operation has run, and answers 406 if none fits,
 * also to a command that was carried out.
 */
export const answerInJson: RequestStep = {
  willSendResponse: ({ request, response }) => {
    const accept = request.http?.headers.get('accept') ?? '';
    const type = accepts(accept, [CURRENT]) ? CURRENT : LEGACY;
    response.http.headers.set('content-type', `${type}; charset=utf-8`);
  },
};
