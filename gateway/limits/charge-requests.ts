import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../gateway-context.ts';
import { quotaOf, refusalOf } from './charge-refusal.ts';
import type { Charge, OperationCharges } from './operation-charge.ts';

/**
 * Charges each query and mutation after it was validated and before it is planned, and tells what is
 * left: in `extensions.quota` on every transport, over HTTP in headers too.
 */
export function chargeRequests(charges: OperationCharges): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () => {
      let charge: Charge = { kind: 'unlimited' };
      return Promise.resolve({
        didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
          if (operation === undefined) return;
          const { viewer, origin } = contextValue;
          const { variables } = request;
          charge = await charges.charge({ schema, document, operation, variables, viewer, origin });
          const refusal = refusalOf(charge);
          if (refusal !== null) throw refusal;
        },
        willSendResponse: ({ response }) => {
          const told = quotaOf(charge);
          if (told === null || response.body.kind !== 'single') return Promise.resolve();
          const { singleResult } = response.body;
          singleResult.extensions = { ...singleResult.extensions, quota: told.quota };
          for (const [name, value] of told.headers) response.http.headers.set(name, value);
          return Promise.resolve();
        },
      });
    },
  };
}
