import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type Clock, toTimestamp } from '#shared/domain/clock.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import { networkOf } from '#shared/identity/address-ranges.ts';
import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { Outage } from '#shared/logging/outage.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { type AllowanceStore, MemoryAllowances } from './allowance-store.ts';
import { type Allowance, type Level, retryAfterMs, usageOf } from './gcra.ts';
import { MAX_OPERATION_COST } from './max-operation-cost.ts';
import type { GivenVariables } from './given-variables.ts';
import { operationCost } from './operation-cost.ts';
import { operationKind } from './operation-kind.ts';
import type { ListSizes } from './schema-sizes.ts';

/** A quota is replenished evenly in this time. */
export const WINDOW_SECONDS = 60;
const WINDOW_MS = 1000 * WINDOW_SECONDS;
/** The price of asking what an operation would cost. */
const LOOK_COST = 1;
/** Relief is never refused for what a cancel returns; a large list in its answer can be. */
const RELIEF_ANSWER_COST = 200;

/** How much a principal can use, and where that is counted. */
export interface QuotaOptions {
  /** Cost that is replenished in a minute, and can be used at once. */
  readonly costPerMinute: number;
  /** Counts for all gateways together; if omitted, each counts for itself. */
  readonly redis?: { readonly url: string; readonly prefix: string } | undefined;
}

/** What counting in Redis needs. */
type SharedQuota = NonNullable<QuotaOptions['redis']> & { readonly allowance: Allowance };

/** What a client learns of its quota with every answer. */
export type Quota = Omit<CountedQuota, 'windowSeconds'> & { readonly cost: number };

/** An operation that is about to run, and its viewer. */
export interface ChargedOperation {
  readonly schema: GraphQLSchema;
  /** Valid against the schema. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: GivenVariables;
  readonly viewer: Viewer;
  readonly origin: ClientOrigin | null;
  /** Whether only the cost is asked for, and it is not run. */
  readonly isCostOnly?: boolean | undefined;
}

/** The result of charging an operation. */
export type Charge =
  | { readonly kind: 'unlimited'; readonly cost: number; readonly answer: number }
  /** With the part of its cost that is the answer. */
  | {
      readonly kind: 'admitted';
      readonly quota: Quota;
      readonly resetMs: number;
      readonly answer: number;
    }
  | {
      readonly kind: 'exhausted';
      readonly quota: Quota;
      readonly resetMs: number;
      readonly retryAfterMs: number;
    }
  /** No operation can cost this much, however much is left. */
  | { readonly kind: 'tooCostly'; readonly cost: number }
  /** A command that cannot be counted now, and so is not let through. */
  | { readonly kind: 'uncounted' };

/**
 * Charges operations to their senders: a user for all keys and sessions together, so that more of
 * them are no way around, and requests without a credential by their address. If the shared count
 * is unavailable, this process counts alone and commands are refused.
 */
export class OperationCharges {
  readonly #allowance: Allowance | null;
  readonly #redis: SharedQuota | null;
  /** Null until it has begun, and without Redis. */
  #shared: AllowanceStore | null = null;
  readonly #local: AllowanceStore | null;
  readonly #clock: Clock;
  readonly #metrics: GatewayMetrics;
  readonly #logger: Logger;
  readonly #outage: Outage;

  constructor(options: {
    /** If omitted, only the limit of one operation holds. */
    readonly quota?: QuotaOptions | undefined;
    readonly clock: Clock;
    readonly metrics: GatewayMetrics;
    readonly logger: Logger;
  }) {
    const { quota, clock, logger } = options;
    this.#clock = clock;
    this.#metrics = options.metrics;
    this.#logger = logger;
    this.#outage = new Outage(logger, {
      away: 'quotas cannot be counted in Redis: mutations are refused',
      back: 'quotas are counted in Redis again',
      level: 'error',
    });
    const allowance = quota ? { limit: quota.costPerMinute, windowMs: WINDOW_MS } : null;
    this.#allowance = allowance;
    this.#local = allowance && new MemoryAllowances(allowance, clock);
    this.#redis = allowance && quota?.redis ? { ...quota.redis, allowance } : null;
  }

  /** Charges an operation, before it is planned. */
  async charge(operation: ChargedOperation): Promise<Charge> {
    const charge = await this.#charge(operation);
    if (charge.kind !== 'unlimited' && charge.kind !== 'admitted')
      this.#metrics.noteRefused(charge.kind);
    return charge;
  }

  /** Waits a little for Redis if it is used; its client is loaded nowhere else. */
  async begin(): Promise<void> {
    if (this.#redis === null) return;
    const { RedisAllowances } = await import('./redis-allowances.ts');
    this.#shared = new RedisAllowances({
      ...this.#redis,
      onError: (cause) => this.#logger.debug({ err: cause }, 'the Redis connection failed'),
    });
    await this.#shared.begin();
  }

  /** Lets go of Redis. */
  async close(): Promise<void> {
    await this.#shared?.close();
  }

  async #charge(charged: ChargedOperation): Promise<Charge> {
    const { schema, document, operation, variables } = charged;
    const lists = listSizesOf(charged.viewer);
    const { total: cost, answer } = operationCost(schema, document, operation, variables, lists);
    this.#metrics.observeCost(Math.min(cost, 2 * MAX_OPERATION_COST)); // a client can write 1e308
    if (cost > MAX_OPERATION_COST) return { kind: 'tooCostly', cost };
    if (this.#allowance === null || charged.viewer.kind === 'service')
      return { kind: 'unlimited', cost, answer };
    const kind = operationKind(document, operation, variables);
    const taken = charged.isCostOnly ? LOOK_COST : cost;
    const isForced = kind === 'relief' && answer <= RELIEF_ANSWER_COST;
    const level = await this.#take(principalOf(charged), taken, isForced);
    const mustCount = kind === 'command' && !charged.isCostOnly;
    if (level === null || (level.isLocal && mustCount)) return { kind: 'uncounted' };
    return chargeOf(this.#allowance, { cost, answer, taken }, level, this.#clock.now());
  }

  async #take(
    principal: string,
    cost: number,
    isForced: boolean,
  ): Promise<(Level & { readonly isLocal: boolean }) | null> {
    try {
      if (this.#shared !== null) {
        const level = await this.#shared.take(principal, cost, isForced);
        this.#outage.answered();
        return { ...level, isLocal: false };
      }
    } catch (cause) {
      this.#outage.failed(cause);
    }
    const level = await this.#local?.take(principal, cost, isForced);
    return level === undefined ? null : { ...level, isLocal: this.#redis !== null };
  }
}

/** A user can have a hundred accounts; most have one. */
function listSizesOf(viewer: Viewer): ListSizes {
  return viewer.kind === 'trader' ? { 'Viewer.accounts': viewer.accounts.length } : {};
}

function chargeOf(
  allowance: Allowance,
  { cost, answer, taken }: Readonly<Record<'cost' | 'answer' | 'taken', number>>,
  level: Level,
  nowMs: number,
): Charge {
  const { used, remaining, resetMs } = usageOf(allowance, level);
  const resetAt = toTimestamp(nowMs + resetMs);
  const quota = { cost, limit: allowance.limit, used, remaining, resetAt };
  return level.isAdmitted
    ? { kind: 'admitted', quota, resetMs, answer }
    : { kind: 'exhausted', quota, resetMs, retryAfterMs: retryAfterMs(allowance, taken, level) };
}

/** The name under which an operation is counted: that of its user, or of the address of an anonymous client. */
export function principalOf({
  viewer,
  origin,
}: Pick<ChargedOperation, 'viewer' | 'origin'>): string {
  return viewer.kind === 'trader'
    ? `user:${viewer.userId}`
    : `address:${networkOf(origin?.address ?? '')}`;
}
