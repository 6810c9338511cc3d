import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph, supergraphSdl } from '../fixtures/composed-schema.ts';
import { parseUserId, trusted } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { Member } from './group.ts';
import { LivePlans, type LiveWish } from './live-plans.ts';
import { normalizeSubscription } from './normalized-subscription.ts';
import { planSubscription, type SubscriptionPlan } from './subscription-plan.ts';

const ORDERS = `subscription { orderEvents(accountId: "a") {
  ... on OrderSnapshot { sequence account { id name } }
} }`;

const graph = composedQueryGraph();
const described = composedQueryGraph(`${supergraphSdl}\n# another version\n`);
const shortened = composedQueryGraph(
  without('type Account\n', /(?:\n {2}"""[^"]*""")?\n {2}name: String!.*\n/),
);
/** The same, with another scope for the stream. */
const guarded = composedQueryGraph(
  supergraphSdl.replace(/(\borderEvents\((?:.|\n)*?scopes: \[\[")[a-z:]+/, '$1keys:write'),
);
/** The same, with a field of the stream's own events at another subgraph. */
const moved = composedQueryGraph(
  supergraphSdl.replace(/(priceScale: Int! @join__field\(graph: )MARKET_DATA/, '$1ORDER'),
);
const SCALES = `subscription { quoteChanged(symbols: ["A"]) {
  ... on QuoteUpdate { quote { instrument { symbol priceScale } } }
} }`;
const ANNA: Trader = {
  kind: 'trader',
  userId: trusted(parseUserId, 'anna'),
  accounts: [],
  expiresAt: null,
  credential: { kind: 'session', sessionId: 'one' as never },
  scopes: ['market:read', 'account:read', 'trade:read'],
};
const ended: string[] = [];
const member: Member = {
  send: () => {},
  end: () => {},
  fail: ([error]) => ended.push(String(error?.extensions['code'])),
};

describe('the plan of a running subscription', () => {
  it('is the one of the present version after every reload', () => {
    const plans = new LivePlans();
    const first = planOf(graph);
    const leave = plans.add(wishOf(first), member);
    expect(plans.currentOf(first)).toBe(first);
    for (const next of [described, graph, described]) {
      plans.reload(next);
      expect(plans.currentOf(first).graph).toBe(next);
    }
    expect(ended).toEqual([]);
    leave();
    plans.reload(graph);
    expect(plans.currentOf(first)).toBe(first);
  });

  it('is made anew with other work between, however many there are', async () => {
    const plans = new LivePlans();
    const names = Array.from({ length: 20 }, (_, index) => `name${index}`);
    const old = names.map((name) => planOf(graph, ORDERS.replace('name', `${name}: name`)));
    for (const plan of old) plans.add(wishOf(plan), member);
    const versions = () => new Set(old.map((plan) => plans.currentOf(plan).graph));
    plans.reload(described);
    expect(versions()).toEqual(new Set([described, graph]));
    await expect.poll(versions).toEqual(new Set([described]));
    plans.reload(graph);
    plans.reload(described);
    plans.reload(graph);
    await expect.poll(versions).toEqual(new Set([graph]));
    plans.reload(shortened);
    await expect.poll(() => ended.length).toBe(old.length);
    expect(new Set(ended.splice(0))).toEqual(new Set(['SUBSCRIPTION_SCHEMA_RELOAD']));
  });

  it('is made anew for whoever has joined meanwhile, if those before have left', async () => {
    const plans = new LivePlans();
    for (let count = 0; count < 20; count += 1)
      plans.add(wishOf(planOf(graph, ORDERS.replace('name', `name${count}: name`))), member);
    const first = planOf(graph);
    const leave = plans.add(wishOf(first), member);
    plans.reload(described);
    plans.add(wishOf(planOf(described)), member);
    leave();
    await expect.poll(() => plans.currentOf(first).graph).toBe(described);
  });

  it('is not that of an earlier version where another stream is needed now', () => {
    const plans = new LivePlans();
    const old = planOf(graph, SCALES);
    plans.add(wishOf(old), member);
    plans.reload(described);
    plans.reload(moved);
    expect(ended.splice(0)).toEqual(['SUBSCRIPTION_SCHEMA_RELOAD']);
    const present = planOf(moved, SCALES);
    expect(present.primary.operation).not.toBe(old.primary.operation);
    expect(plans.lookAgain(wishOf(present))).toBeNull();
    expect(plans.currentOf(present)).toBe(present);
    expect(plans.lookAgain(wishOf(old))?.extensions['code']).toBe('SUBSCRIPTION_SCHEMA_RELOAD');
  });

  it('is looked at again when a member comes back that no reload has seen', () => {
    const plans = new LivePlans();
    const wish = wishOf(planOf(graph));
    expect(plans.lookAgain(wish)).toBeNull();
    plans.reload(described);
    expect(plans.lookAgain(wish)).toBeNull();
    expect(plans.currentOf(wish.plan).graph).toBe(described);
    for (const [version, code] of [
      [shortened, 'SUBSCRIPTION_SCHEMA_RELOAD'],
      [guarded, 'FORBIDDEN'],
    ] as const) {
      plans.reload(version);
      expect(plans.lookAgain(wish)?.extensions['code']).toBe(code);
    }
  });

  it('ends its members when it is not valid any more', () => {
    const plans = new LivePlans();
    plans.add(wishOf(planOf(graph)), member);
    plans.reload(shortened);
    expect(ended.splice(0)).toEqual(['SUBSCRIPTION_SCHEMA_RELOAD']);
  });

  it('ends those who may not ask for it any more, and no others', () => {
    const plans = new LivePlans();
    const told: string[] = [];
    const named = (name: string): Member => ({
      ...member,
      fail: ([error]) => told.push(`${name} ${String(error?.extensions['code'])}`),
    });
    const wish = wishOf(planOf(graph));
    plans.add(wish, named('reader'));
    plans.add(
      { ...wish, viewer: { ...ANNA, scopes: [...ANNA.scopes, 'keys:write'] } },
      named('all'),
    );
    plans.add({ ...wish, viewer: { kind: 'anonymous', scopes: [] } }, named('nobody'));
    plans.reload(guarded);
    expect(told).toEqual(['reader FORBIDDEN', 'nobody UNAUTHENTICATED']);
  });
});

function wishOf(plan: SubscriptionPlan): LiveWish {
  return { plan, variables: {}, viewer: ANNA };
}

function planOf(version: QueryGraph, text = ORDERS) {
  return planSubscription(version, normalizeSubscription(version.apiSchema, parse(text), null));
}

function without(type: string, line: RegExp): string {
  const at = supergraphSdl.indexOf(type);
  return supergraphSdl.slice(0, at) + supergraphSdl.slice(at).replace(line, '\n');
}
