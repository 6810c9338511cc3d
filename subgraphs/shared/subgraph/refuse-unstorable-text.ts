import {
  getNamedType,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';

/** What PostgreSQL can hold in no column and no JSON: U+0000, and half a pair of surrogates. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;
const TEXTS: ReadonlySet<string> = new Set(['String', 'ID']);

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Refuses every text and id that no store can hold, at each field with arguments: here, once, and
 * not in a store, which would refuse everything that is written together with it. Fields of
 * federation itself only receive what other subgraphs sent.
 */
export function refuseUnstorableText(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_') || !field.args.some(({ type: given }) => takesText(given)))
        continue;
      if (field.subscribe !== undefined) field.subscribe = checking(field.subscribe);
      else if (field.resolve !== undefined) field.resolve = checking(field.resolve);
    }
  }
}

function takesText(given: GraphQLInputType, seen: readonly GraphQLNamedType[] = []): boolean {
  const type = getNamedType(given);
  if (TEXTS.has(type.name)) return true;
  if (!isInputObjectType(type) || seen.includes(type)) return false;
  return Object.values(type.getFields()).some((field) => takesText(field.type, [...seen, type]));
}

function checking(resolve: Resolver): Resolver {
  return (parent, args, context, info) => {
    for (const [name, value] of Object.entries(args as Readonly<Record<string, unknown>>))
      if (!isStorable(value))
        throw new DomainError(
          DomainErrorCode.BAD_USER_INPUT,
          `A text in "${name}" contains U+0000 or an unpaired surrogate, which is not permitted.`,
        );
    return resolve(parent, args, context, info);
  };
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isStorable);
}
