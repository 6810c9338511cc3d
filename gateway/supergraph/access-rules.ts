import { createHash } from 'node:crypto';
import { type ConstDirectiveNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';
import { argumentOf } from './directive-argument.ts';
import { withImpliedRules } from './implied-rules.ts';

const SPECIFICATION = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy)\//;
const AUTHENTICATED = 'authenticated';
const REQUIRES_SCOPES = 'requiresScopes';
const STRIPPED: ReadonlySet<string> = new Set([
  AUTHENTICATED,
  REQUIRES_SCOPES,
  'requiresScopes__Scope',
]);

/** What asking for a field, or for anything of a type, requires. */
export interface AccessRule {
  /** Whether anonymous viewers are refused, whatever their scopes are. */
  readonly isAuthenticated: boolean;
  /** Sets of scopes; the viewer needs all scopes of one set. Null if no scope is needed. */
  readonly scopes: readonly (readonly string[])[] | null;
}

/** The rules of a supergraph by coordinate, `Account.orders`, and by type. */
export type AccessRules = ReadonlyMap<string, AccessRule>;

/** A supergraph, split into the two parts that are used. */
export interface AccessParts {
  readonly rules: AccessRules;
  /**
   * The supergraph without `@authenticated` and `@requiresScopes`, which Apollo's gateway refuses
   * to load. It differs whenever the rules do.
   */
  readonly supergraphSdl: string;
}

/**
 * Separates the access rules from a supergraph; the caller must enforce them.
 * @throws Error for rules that we do not know: none may be lost silently
 */
export function takeAccessRules(supergraphSdl: string): AccessParts {
  const document = parse(supergraphSdl, { noLocation: true });
  refuseUnknown(document);
  const version = createHash('sha256').update(supergraphSdl).digest('hex');
  return {
    rules: withImpliedRules(document, readRules(document)),
    supergraphSdl: `# ${version}\n${print(withoutRules(document))}\n`,
  };
}

function refuseUnknown(document: DocumentNode): void {
  visit(document, {
    SchemaDefinition: ({ directives = [] }) => {
      for (const link of directives) {
        const [, feature] = SPECIFICATION.exec(urlOf(link)) ?? [];
        if (feature === undefined) continue;
        if (feature === 'policy') throw new Error('@policy is not enforced by this gateway.');
        if (argumentOf(link, 'as') !== undefined || argumentOf(link, 'import') !== undefined)
          throw new Error(`@${feature} has to keep its name in the supergraph.`);
      }
    },
  });
}

function readRules(document: DocumentNode): AccessRules {
  const rules = new Map<string, AccessRule>();
  const add = (coordinate: string, directives: readonly ConstDirectiveNode[] = []) => {
    const isAuthenticated = directives.some(({ name }) => name.value === AUTHENTICATED);
    const needed = directives.find(({ name }) => name.value === REQUIRES_SCOPES);
    const scopes = needed === undefined ? null : (argumentOf(needed, 'scopes') as string[][]);
    if (isAuthenticated || scopes !== null) rules.set(coordinate, { isAuthenticated, scopes });
  };
  for (const definition of document.definitions) {
    if (!('name' in definition) || definition.name === undefined) continue;
    if (!('directives' in definition)) continue;
    const type = definition.name.value;
    add(type, definition.directives as readonly ConstDirectiveNode[]);
    if (
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    )
      for (const { name, directives } of definition.fields ?? [])
        add(`${type}.${name.value}`, directives);
  }
  return rules;
}

function withoutRules(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: (node) => {
      const isLink =
        node.name.value === 'link' && SPECIFICATION.test(urlOf(node as ConstDirectiveNode));
      return isLink || STRIPPED.has(node.name.value) ? null : undefined;
    },
    DirectiveDefinition: ({ name }) => (STRIPPED.has(name.value) ? null : undefined),
    ScalarTypeDefinition: ({ name }) => (STRIPPED.has(name.value) ? null : undefined),
  });
}

function urlOf(link: ConstDirectiveNode): string {
  const url = link.name.value === 'link' ? argumentOf(link, 'url') : undefined;
  return typeof url === 'string' ? url : '';
}
