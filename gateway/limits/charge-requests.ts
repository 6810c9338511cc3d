import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import type { GatewayContext } from '../gateway-context.ts';
import { refusalOf, toldCost, toldQuota } from './charge-refusal.ts';
import { noteAnswerCost } from './answer-cost.ts';
import { noteQuota } from './charged-quota.ts';
import { type Charge, type OperationCharges, WINDOW_SECONDS } from './operation-charge.ts';

/**
 * Charges each query and mutation after its validation and before its planning, and reports what is
 * left: in `extensions.quota` on every transport, over HTTP in headers too.
 */
export function chargeRequests(charges: OperationCharges): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () => {
      let charge: Charge = { kind: 'unlimited', cost: 0, answer: 0 };
      return Promise.resolve({
        didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
          if (operation === undefined) return;
          const { viewer, origin, isCostOnly } = contextValue;
          const { variables } = request;
          charge = await charges.charge({
            schema,
            document,
            operation,
            variables,
            viewer,
            origin,
            isCostOnly,
          });
          const refusal = refusalOf(charge);
          if (refusal !== null) throw refusal;
          if ('answer' in charge) noteAnswerCost(contextValue, charge.answer);
          const told = toldQuota(charge)?.quota;
          if (told === undefined) return;
          const { cost: _cost, ...counted } = told;
          noteQuota(contextValue, { ...counted, windowSeconds: WINDOW_SECONDS });
        },
        responseForOperation: ({ contextValue }) =>
          Promise.resolve(
            contextValue.isCostOnly
              ? {
                  http: { headers: new HeaderMap() },
                  body: { kind: 'single', singleResult: { data: null } },
                }
              : null,
          ),
        willSendResponse: ({ contextValue, response }) => {
          const told = toldQuota(charge);
          if (response.body.kind !== 'single') return Promise.resolve();
          const { singleResult } = response.body;
          const quota = contextValue.isCostOnly ? toldCost(charge) : told?.quota;
          if (quota !== undefined) singleResult.extensions = { ...singleResult.extensions, quota };
          for (const [name, value] of told?.headers ?? []) response.http.headers.set(name, value);
          return Promise.resolve();
        },
      });
    },
  };
}
