import { describe, expect, it } from 'vitest';
import { gapEvent } from './stream-gap.ts';

/** What an operation whose selection is this learns of a loss. */
const gapOf = (selection: string, variables = {}) =>
  gapEvent(
    `subscription ($b: Boolean!) { quotes: quoteChanged { ${selection} } } ${FRAGMENT}`,
    variables,
    {
      reason: 'SLOW_CONSUMER',
      fromSequence: '7',
    },
  );
const FRAGMENT = 'fragment Gap on StreamGap { reason }';

describe('a gap', () => {
  it.each([
    ['on its type', '... on StreamGap { reason }', { reason: 'SLOW_CONSUMER' }],
    [
      'by aliases, and of all events',
      '__typename ... on StreamGap { why: reason fromSequence toSequence }',
      { __typename: 'StreamGap', why: 'SLOW_CONSUMER', fromSequence: '7', toSequence: null },
    ],
    ['by a fragment', '...Gap', { reason: 'SLOW_CONSUMER' }],
    ['within the union', '... on QuoteStreamEvent { ...Gap }', { reason: 'SLOW_CONSUMER' }],
    ['within itself', '... on StreamGap { ... { reason } }', { reason: 'SLOW_CONSUMER' }],
    ['where it is included', '...Gap @include(if: $b)', { reason: 'SLOW_CONSUMER' }],
    [
      'in part',
      '... on StreamGap { reason fromSequence @skip(if: $b) }',
      { reason: 'SLOW_CONSUMER' },
    ],
  ])('is told where it is selected %s', (_how, selection, gap) => {
    expect(gapOf(selection, { b: true })).toEqual({ data: { quotes: gap } });
  });

  it.each([
    ['is not selected', '__typename ... on QuoteUpdate { sequence }'],
    ['is not included', '... on StreamGap @include(if: $b) { reason }'],
    ['is skipped', '...Gap @skip(if: true)'],
    ['has nothing that is included', '... on StreamGap { reason @include(if: $b) }'],
    ['stands in what is not included', '... @include(if: $b) { ...Gap }'],
  ])('cannot be told where it %s', (_why, selection) => {
    expect(gapOf(selection, { b: false })).toBeNull();
  });
});
