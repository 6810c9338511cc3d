import type { GraphQLDataSource, ServiceMap } from '@apollo/gateway';
import { GraphQLError } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { type SubgraphClient, SubgraphUnavailableError } from '#shared/subgraph/subgraph-client.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { type Attempt, CircuitBreaker } from './circuit-breaker.ts';
import type { SubgraphName } from './subgraph-names.ts';

type ProcessOptions = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];
type ProcessResult = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** What an operation may take in all, its fetches one after the other included. */
const QUERY_LIMIT_MS = 2000;
const MUTATION_LIMIT_MS = 5000;
/** Who was given less and did not answer may have been asked too late: that is no silence. */
const FAIR_LIMIT_MS = 1000;

/** What a part of the desk is called towards clients, who know nothing of subgraphs. */
const ROLES: Readonly<Record<SubgraphName, string>> = {
  account: 'accounts',
  'market-data': 'market data',
  order: 'orders',
};

/** These say that our own request to a subgraph was wrong: a bug of ours, not of the client. */
const OUR_FAULTS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Asks one subgraph for one step of a query plan, in the viewer's name and within the deadline. */
export class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #name: SubgraphName;
  readonly #client: SubgraphClient;
  readonly #metrics: GatewayMetrics;
  readonly #logger: Logger;
  readonly #breaker: CircuitBreaker;

  /** @param nowMs the clock of its circuit breaker, where that is not the machine's */
  constructor(
    name: SubgraphName,
    client: SubgraphClient,
    metrics: GatewayMetrics,
    logger: Logger,
    nowMs?: () => number,
  ) {
    this.#name = name;
    this.#client = client;
    this.#metrics = metrics;
    this.#logger = logger;
    metrics.noteBreaker(name, false);
    this.#breaker = new CircuitBreaker((isOpen) => {
      metrics.noteBreaker(name, isOpen);
      if (isOpen) logger.error({ subgraph: name }, 'a subgraph is silent and is asked no more');
      else logger.info({ subgraph: name }, 'a subgraph answers again');
    }, nowMs);
  }

  /**
   * @throws GraphQLError with code UNAVAILABLE when no answer came in time; its `outcome` says
   *   whether something may have happened
   */
  async process(options: ProcessOptions): Promise<ProcessResult> {
    invariant('incomingRequestContext' in options, 'a subgraph is only asked for steps of a plan');
    const { viewer, origin, requestId, startedAtMs } = options.context;
    const { query = '', variables } = options.request;
    const isMutation = options.incomingRequestContext.operation?.operation === 'mutation';
    const limitMs = isMutation ? MUTATION_LIMIT_MS : QUERY_LIMIT_MS;
    const askedAtMs = performance.now();
    const timeoutMs = Math.ceil(limitMs - (askedAtMs - startedAtMs));
    const planPath = options.pathInIncomingRequest ?? [];
    const attempt = timeoutMs > 0 ? this.#breaker.admit() : null;
    if (attempt === null) {
      this.#metrics.observeFetch(this.#name, 'unsent', askedAtMs);
      throw this.#unavailable('NOT_APPLIED', planPath);
    }
    try {
      const answer = await this.#client.request({
        ...{ query, variables, viewer, origin, requestId, timeoutMs },
      });
      attempt.answered();
      if (typeof answer !== 'object' || answer === null)
        throw new SubgraphUnavailableError(this.#name, 'the answer was no object');
      this.#metrics.observeFetch(this.#name, 'ok', askedAtMs);
      return asResult(answer);
    } catch (cause) {
      tellHowItFailed(attempt, cause, timeoutMs);
      this.#metrics.observeFetch(this.#name, 'failed', askedAtMs);
      this.#logger.warn({ err: cause, requestId, subgraph: this.#name }, 'a subgraph call failed');
      // Whether a lost command was carried out is not known; a lost query has changed nothing.
      throw this.#unavailable(query.startsWith('mutation') ? 'UNKNOWN' : 'NOT_APPLIED', planPath);
    }
  }

  #unavailable(
    outcome: 'UNKNOWN' | 'NOT_APPLIED',
    planPath: readonly (string | number)[],
  ): GraphQLError {
    const firstList = planPath.indexOf('@');
    const path = firstList < 0 ? planPath : planPath.slice(0, firstList);
    return new GraphQLError(`The desk's ${ROLES[this.#name]} did not answer in time.`, {
      ...(path.length > 0 ? { path } : {}),
      extensions: { code: DomainErrorCode.UNAVAILABLE, outcome, retryable: true },
    });
  }
}

function tellHowItFailed(attempt: Attempt, cause: unknown, timeoutMs: number): void {
  const silence = cause instanceof SubgraphUnavailableError ? cause.silence : null;
  if (silence === null) attempt.answered();
  else if (silence === 'late' && timeoutMs < FAIR_LIMIT_MS) attempt.undecided();
  else attempt.failed();
}

function asResult(answer: { data?: unknown; errors?: readonly unknown[] }): ProcessResult {
  if (!Array.isArray(answer.errors)) return answer as ProcessResult;
  return { ...answer, errors: answer.errors.map(withoutOurFaults) } as ProcessResult;
}

function withoutOurFaults(error: { readonly extensions?: { readonly code?: unknown } }): object {
  if (!OUR_FAULTS.has(error.extensions?.code)) return error;
  const code = DomainErrorCode.INTERNAL_SERVER_ERROR;
  return { ...error, extensions: { ...error.extensions, code } };
}

/** The data sources of every subgraph, by its name in a query plan. */
export type SubgraphDataSources = ServiceMap & Readonly<Record<SubgraphName, SubgraphDataSource>>;
