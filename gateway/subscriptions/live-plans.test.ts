import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph, supergraphSdl } from '../fixtures/composed-schema.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import type { Member } from './group.ts';
import { LivePlans } from './live-plans.ts';
import { normalizeSubscription } from './normalized-subscription.ts';
import { planSubscription } from './subscription-plan.ts';

const ORDERS = `subscription { orderEvents(accountId: "a") {
  ... on OrderSnapshot { sequence account { id name } }
} }`;

const graph = composedQueryGraph();
const described = composedQueryGraph(`${supergraphSdl}\n# another version\n`);
const shortened = composedQueryGraph(without('type Account\n', /\n {2}name: String!.*\n/));
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
    const leave = plans.add(first, member);
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

  it('ends its members when it is not valid any more', () => {
    const plans = new LivePlans();
    plans.add(planOf(graph), member);
    plans.reload(shortened);
    expect(ended).toEqual(['SUBSCRIPTION_SCHEMA_RELOAD']);
  });
});

function planOf(version: QueryGraph) {
  return planSubscription(version, normalizeSubscription(version.apiSchema, parse(ORDERS), null));
}

function without(type: string, line: RegExp): string {
  const at = supergraphSdl.indexOf(type);
  return supergraphSdl.slice(0, at) + supergraphSdl.slice(at).replace(line, '\n');
}
