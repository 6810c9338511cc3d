import { type ApolloServerPlugin, type GraphQLRequest, HeaderMap } from '@apollo/server';
import type { GatewayContext } from '../gateway-context.ts';
import { refusalOf, toldQuota } from './charge-refusal.ts';
import { noteQuota } from './charged-quota.ts';
import { type Charge, type OperationCharges, WINDOW_SECONDS } from './operation-charge.ts';

/** A request with this header, `true`, is told its cost and not run. */
const COST_ONLY_HEADER = 'x-cost-only';

/**
 * Charges each query and mutation after it was validated and before it is planned, and tells what is
 * left: in `extensions.quota` on every transport, over HTTP in headers too.
 */
export function chargeRequests(charges: OperationCharges): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () => {
      let charge: Charge = { kind: 'unlimited', cost: 0 };
      return Promise.resolve({
        didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
          if (operation === undefined) return;
          const { viewer, origin } = contextValue;
          const { variables } = request;
          charge = await charges.charge({
            ...{ schema, document, operation, variables, viewer, origin },
            isCostOnly: isCostOnly(request),
          });
          const refusal = refusalOf(charge);
          if (refusal !== null) throw refusal;
          const told = toldQuota(charge)?.quota;
          if (told === undefined) return;
          const { cost: _cost, ...counted } = told;
          noteQuota(contextValue, { ...counted, windowSeconds: WINDOW_SECONDS });
        },
        responseForOperation: ({ request }) =>
          Promise.resolve(
            isCostOnly(request)
              ? {
                  http: { headers: new HeaderMap() },
                  body: { kind: 'single', singleResult: { data: null } },
                }
              : null,
          ),
        willSendResponse: ({ request, response }) => {
          const told = toldQuota(charge);
          if (response.body.kind !== 'single') return Promise.resolve();
          const { singleResult } = response.body;
          if (charge.kind === 'unlimited' && isCostOnly(request))
            singleResult.extensions = { ...singleResult.extensions, quota: { cost: charge.cost } };
          if (told === null) return Promise.resolve();
          singleResult.extensions = { ...singleResult.extensions, quota: told.quota };
          for (const [name, value] of told.headers) response.http.headers.set(name, value);
          return Promise.resolve();
        },
      });
    },
  };
}

function isCostOnly({ http }: GraphQLRequest): boolean {
  return http?.headers.get(COST_ONLY_HEADER) === 'true';
}
