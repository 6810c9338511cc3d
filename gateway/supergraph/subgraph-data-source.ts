import type { GraphQLDataSource, ServiceMap } from '@apollo/gateway';
import { GraphQLError } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import { rateLimited, unavailable } from '#shared/graphql/domain-error.ts';
import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SubgraphAnswer } from '#shared/subgraph/subgraph-answer.ts';
import { type SubgraphClient, SubgraphUnavailableError } from '#shared/subgraph/subgraph-client.ts';
import { traced } from '#shared/tracing/tracing.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { viewerKey } from '../identity/viewer-key.ts';
import { answerCostOf } from '../limits/answer-cost.ts';
import { shownQuotaOf } from '../limits/charged-quota.ts';
import { principalOf } from '../limits/operation-charge.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { type Attempt, CircuitBreaker } from './circuit-breaker.ts';
import { clientPath } from './execution/error-path.ts';
import { deadlineOf } from './operation-deadline.ts';
import { PUBLIC_SUBGRAPH } from './public-plan.ts';
import { ReadTurns, TurnMissedError } from './read-turns.ts';
import { hasSentCommand, noteSentCommand } from './sent-command.ts';
import { SharedReads } from './shared-reads.ts';
import type { SubgraphName } from './subgraph-names.ts';
import { resultOf, type StepResult } from './subgraph-result.ts';

type ProcessOptions = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];

/**
 * A subgraph that was given less time than this and did not answer may have been asked too late:
 * that does not count as silence.
 */
const FAIR_LIMIT_MS = 1000;

const IS_SILENT = 'a subgraph does not respond: its circuit breaker is open';
const RESPONDS_AGAIN = 'a subgraph responds again: its circuit breaker is closed';

/** What a part of the desk is called in messages to clients, who know nothing of subgraphs. */
const ROLES: Readonly<Record<SubgraphName, string>> = {
  account: 'account',
  'market-data': 'market data',
  order: 'order',
};

/** Nothing of its subgraph is to blame. */
const TOO_MUCH = 'You ask for too much at the same time: send fewer large queries at once.';

/** What a data source is built from. */
export interface SubgraphDataSourceOptions {
  /** For reads. */
  readonly client: SubgraphClient;
  /** For mutations, over connections that no reads hold; `client` if omitted. */
  readonly commands?: SubgraphClient | undefined;
  /**
   * Called when a mutation has ended, before its client is answered: what is remembered of the
   * viewer may be old.
   */
  readonly onMutation?: ((viewer: Viewer) => void) | undefined;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  /** The clock of its circuit breaker; the machine's if omitted. */
  readonly nowMs?: (() => number) | undefined;
}

/** One call, and its deadline. */
interface Call {
  readonly body: string;
  readonly isMutation: boolean;
  /** Whether equal calls of the viewer can be one; see {@link SharedReads}. */
  readonly isShared: boolean;
  /** Whether it completes the event of a stream. */
  readonly isOfEvent: boolean;
  readonly context: GatewayContext;
  /** When it is given up, by `performance.now()`. */
  readonly endsAtMs: number;
  readonly quota: CountedQuota | undefined;
}

/** No answer came. */
class NoAnswer extends Error {
  /** Whether nothing can have happened at the subgraph. */
  readonly isHarmless: boolean;

  constructor(isHarmless: boolean) {
    super('A subgraph gave no answer.');
    this.isHarmless = isHarmless;
  }
}

/**
 * Asks one subgraph for one step of a query plan, for the viewer and within the deadline. Equal
 * steps of one viewer's queries that are asked for together are one call.
 */
export class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #name: SubgraphName;
  readonly #client: SubgraphClient;
  readonly #commands: SubgraphClient;
  readonly #onMutation: (viewer: Viewer) => void;
  readonly #metrics: GatewayMetrics;
  readonly #logger: Logger;
  readonly #breaker: CircuitBreaker;
  readonly #reads = new SharedReads();
  readonly #turns = new ReadTurns();
  /** Those of commands: no command waits for its user's queries. */
  readonly #commandTurns = new ReadTurns();

  constructor(name: SubgraphName, options: SubgraphDataSourceOptions) {
    const { metrics, logger } = options;
    this.#name = name;
    this.#client = options.client;
    this.#commands = options.commands ?? options.client;
    this.#onMutation = options.onMutation ?? (() => undefined);
    this.#metrics = metrics;
    this.#logger = logger;
    metrics.noteBreaker(name, false);
    const { nowMs = () => performance.now() } = options;
    let openedAtMs = 0;
    this.#breaker = new CircuitBreaker((isOpen) => {
      metrics.noteBreaker(name, isOpen);
      if (isOpen) {
        openedAtMs = nowMs();
        logger.error({ subgraph: name }, IS_SILENT);
      } else {
        const lastedMs = Math.round(nowMs() - openedAtMs);
        logger.info({ subgraph: name, lastedMs }, RESPONDS_AGAIN);
      }
    }, nowMs);
  }

  /**
   * @throws GraphQLError with code UNAVAILABLE if no answer came in time, or RATE_LIMITED if its turn
   *   did not because of what its viewer asked for; its `outcome` says whether the operation may
   *   have done something
   */
  process(options: ProcessOptions): Promise<StepResult> {
    invariant('incomingRequestContext' in options, 'a subgraph is only asked for steps of a plan');
    const { request, context, pathInIncomingRequest = [] } = options;
    const kind = options.incomingRequestContext.operation?.operation;
    const isMutation = kind === 'mutation';
    const endsAtMs = deadlineOf(context, isMutation);
    const body = JSON.stringify({ query: request.query, variables: request.variables });
    const quota = shownQuotaOf(context, request.query);
    // A quota belongs to one operation: another one's must not be shown.
    const isShared = !isMutation && quota === undefined;
    const isOfEvent = kind === undefined;
    const call: Call = { body, isMutation, isShared, isOfEvent, context, endsAtMs, quota };
    return this.#answer(call, pathInIncomingRequest);
  }

  /**
   * A function of its own, so that the inputs of the body are not kept until the answer is there.
   */
  async #answer(call: Call, path: readonly (string | number)[]): Promise<StepResult> {
    const isAfterCommand = hasSentCommand(call.context);
    try {
      return resultOf(await this.#inTurn(call), isAfterCommand && !isCommand(call.body));
    } catch (cause) {
      const isMissed = cause instanceof TurnMissedError;
      if (!isMissed && !(cause instanceof NoAnswer)) throw cause;
      const isHarmless = !isAfterCommand && (isMissed || cause.isHarmless);
      const outcome = isHarmless ? 'NOT_APPLIED' : 'UNKNOWN';
      const isTooMuch = isMissed && cause.isTooMuch;
      const error = isTooMuch
        ? rateLimited(TOO_MUCH, { outcome })
        : unavailable(outcome, this.#silence);
      throw atPath(path, error);
    }
  }

  /**
   * Its turn comes first, so that nobody who joins a read waits for the turn of another principal.
   */
  #inTurn(call: Call): Promise<SubgraphAnswer> {
    const { context, endsAtMs, isMutation, isShared } = call;
    const read = { principal: principalOf(context), cost: answerCostOf(context), endsAtMs };
    const turns = isMutation ? this.#commandTurns : this.#turns;
    return turns.run(read, () => (isShared ? this.#share(call) : this.#trace(call)));
  }

  #share(call: Call): Promise<SubgraphAnswer> {
    const { context, body, endsAtMs, isOfEvent } = call;
    // What is added to a stream's event must be newer than the event: it joins nothing that was sent.
    const isChangeable = isOfEvent || this.#name !== PUBLIC_SUBGRAPH;
    return this.#reads.share(`${isChangeable} ${viewerKey(context.viewer)} ${body}`, {
      endsAtMs,
      isChangeable,
      send: () => this.#trace(call),
      onJoin: () => this.#metrics.noteFetchShared(this.#name),
    });
  }

  #trace(call: Call): Promise<SubgraphAnswer> {
    return traced(`fetch ${this.#name}`, { 'deskgraph.unit': 'gateway' }, () => this.#send(call));
  }

  /** @throws NoAnswer */
  async #send({ body, isMutation, context, endsAtMs, quota }: Call): Promise<SubgraphAnswer> {
    const { viewer, origin, requestId } = context;
    const askedAtMs = performance.now();
    const timeoutMs = Math.ceil(endsAtMs - askedAtMs);
    const attempt = timeoutMs > 0 ? this.#breaker.admit() : null;
    if (attempt === null) {
      this.#metrics.observeFetch(this.#name, 'unsent', askedAtMs);
      throw new NoAnswer(true);
    }
    if (isCommand(body)) noteSentCommand(context);
    try {
      const client = isMutation ? this.#commands : this.#client;
      const answer = await client.send(body, {
        // Where a reader calls from is left out, so that equal reads are equal to the last bit.
        viewer,
        origin: isMutation ? origin : null,
        requestId,
        timeoutMs,
        quota,
      });
      attempt.answered();
      if (typeof answer !== 'object' || answer === null)
        throw new SubgraphUnavailableError(this.#name, 'the answer was no object');
      this.#metrics.observeFetch(this.#name, 'ok', askedAtMs);
      return answer;
    } catch (cause) {
      tellHowItFailed(attempt, cause, timeoutMs);
      this.#metrics.observeFetch(this.#name, 'failed', askedAtMs);
      this.#logger.warn({ err: cause, requestId, subgraph: this.#name }, 'a subgraph call failed');
      // Whether a lost command was carried out is not known; a lost query has changed nothing.
      const wasTaken = !(cause instanceof SubgraphUnavailableError) || cause.wasTaken;
      throw new NoAnswer(!wasTaken || !isCommand(body));
    } finally {
      if (isCommand(body)) this.#onMutation(viewer);
    }
  }

  get #silence(): string {
    return `The desk's ${ROLES[this.#name]} system did not respond in time.`;
  }
}

/** An error at the place in the response that a plan's path leads to. */
function atPath(
  planPath: readonly (string | number)[],
  { message, extensions }: GraphQLError,
): GraphQLError {
  const path = clientPath(planPath);
  return new GraphQLError(message, { ...(path.length > 0 ? { path } : {}), extensions });
}

/** Whether it changes something: a mutation also reads, in steps of their own. */
function isCommand(body: string): boolean {
  return body.startsWith('{"query":"mutation');
}

function tellHowItFailed(attempt: Attempt, cause: unknown, timeoutMs: number): void {
  const silence = cause instanceof SubgraphUnavailableError ? cause.silence : null;
  if (silence === null) attempt.answered();
  else if (silence === 'late' && timeoutMs < FAIR_LIMIT_MS) attempt.undecided();
  else attempt.failed();
}

/** The data sources of every subgraph, by its name in a query plan. */
export type SubgraphDataSources = ServiceMap & Readonly<Record<SubgraphName, SubgraphDataSource>>;
