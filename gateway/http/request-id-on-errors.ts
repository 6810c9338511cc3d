import type { RequestStep } from './request-step.ts';

/** Puts the request id beside each error's code, so that a client's report finds our log line. */
export const requestIdOnErrors: RequestStep = {
  willSendResponse: ({ response, contextValue }) => {
    if (response.body.kind !== 'single') return;
    const { errors } = response.body.singleResult;
    if (errors !== undefined)
      response.body.singleResult.errors = errors.map((error) => ({
        ...error,
        extensions: { ...error.extensions, requestId: contextValue.requestId },
      }));
  },
};
