import { Supergraph } from '@apollo/federation-internals';
import { describe, expect, it } from 'vitest';
import { SCOPES } from '#shared/identity/viewer.ts';
import { supergraphSdl } from '../fixtures/composed-schema.ts';
import { takeAccessRules } from './access-rules.ts';

const LINK = '@link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)';
const relinked = (link: string) => supergraphSdl.replace(LINK, link);

describe('the rules of access', () => {
  it('are known by the field, and ask for scopes that there are', () => {
    const { rules } = takeAccessRules(supergraphSdl);
    expect(rules.get('Query.viewer')).toEqual({ isAuthenticated: true, scopes: null });
    expect(rules.get('Account.orders')).toEqual({
      isAuthenticated: false,
      scopes: [['trade:read']],
    });
    expect(rules.get('Mutation.signIn')).toBeUndefined();
    const asked = [...rules.values()].flatMap(({ scopes }) => scopes?.flat() ?? []);
    expect(SCOPES).toEqual(expect.arrayContaining(asked));
  });

  it('hold for what market data alone answers, wherever it is reached from, and for what requires it', () => {
    const { rules } = takeAccessRules(supergraphSdl);
    const scopesOf = (coordinate: string) => rules.get(coordinate)?.scopes;
    expect(scopesOf('Account.valuation')).toEqual([['account:read', 'market:read']]);
    for (const coordinate of ['Asset.name', 'Instrument.quote', 'Position.marketValue'])
      expect(scopesOf(coordinate)).toEqual([['market:read']]);
    for (const coordinate of ['Asset.code', 'Instrument.symbol', 'Instrument.deskLastPrice'])
      expect(scopesOf(coordinate)).toBeUndefined();
  });

  it('are those of what a field requires too, hidden or not', () => {
    const guarded = supergraphSdl.replace(
      /(balancesToValue: \S+ @inaccessible)/,
      '$1 @requiresScopes(scopes: [["trade:read"], ["trade:write"]])',
    );
    expect(takeAccessRules(guarded).rules.get('Account.valuation')?.scopes).toEqual([
      ['account:read', 'market:read', 'trade:read'],
      ['account:read', 'market:read', 'trade:write'],
    ]);
  });

  it('are not in what is loaded, and nothing else is missing there', () => {
    expect(() => Supergraph.build(supergraphSdl)).toThrow('unsupported');
    const { supergraphSdl: stripped } = takeAccessRules(supergraphSdl);
    expect(stripped).not.toMatch(/requiresScopes|authenticated/);
    const schema = Supergraph.build(stripped).apiSchema().toGraphQLJSSchema();
    for (const coordinate of takeAccessRules(supergraphSdl).rules.keys()) {
      const [type = '', field = ''] = coordinate.split('.');
      expect(schema.getType(type)).toHaveProperty(['_fields', field]);
    }
  });

  it('make another version when they alone are changed', () => {
    const changed = supergraphSdl.replaceAll('"trade:read"', '"trade:write"');
    expect(takeAccessRules(changed).supergraphSdl).not.toBe(
      takeAccessRules(supergraphSdl).supergraphSdl,
    );
  });

  it.each([
    ['of a kind that we do not enforce', `${LINK} ${LINK.replace('authenticated', 'policy')}`],
    ['under another name', LINK.replace('for:', 'as: "known", for:')],
    [
      'under another imported name',
      LINK.replace('for:', 'import: [{name: "@authenticated", as: "@known"}], for:'),
    ],
  ])('%s make the supergraph unusable', (_name, link) => {
    expect(() => takeAccessRules(relinked(link))).toThrow(/not enforced|keep its name/);
  });
});
