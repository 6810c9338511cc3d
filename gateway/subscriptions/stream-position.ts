import {
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  type SelectionNode,
} from 'graphql';
import type { Frame } from './writing/frame.ts';
import type { SourceEvent } from './source-event-stream.ts';

/** The type of the events that show the age of the last state while nothing else happens. */
export const HEARTBEAT = 'StreamHeartbeat';

/** What the gateway itself asks of every event, under names that clients cannot use. */
const OWN_NAMES = { sequence: 'deskgraph_sequence', cursor: 'deskgraph_cursor' } as const;

/**
 * What to ask of a stream's events besides the client's selection: the type, and the position. The
 * client's document shapes the answer, so that the client never sees them.
 */
export function positionSelections(schema: GraphQLSchema, root: FieldNode): SelectionNode[] {
  const field = schema.getSubscriptionType()?.getFields()[root.name.value];
  const fragments = possibleTypes(schema, field && getNamedType(field.type)).map((type) => {
    const asked = Object.entries(OWN_NAMES)
      .filter(([name]) => String(type.getFields()[name]?.type) === 'String!')
      .map(([name, ownName]) => `${ownName}: ${name}`);
    return asked.length > 0 ? `... on ${type.name} { ${asked.join(' ')} }` : '';
  });
  const [operation] = parse(`{ __typename ${fragments.join(' ')} }`, {
    noLocation: true,
  }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION
    ? [...operation.selectionSet.selections]
    : [];
}

/** Reads what `positionSelections` asked for. @param responseName of the root field */
export function positionOf(
  event: SourceEvent,
  responseName: string,
): Pick<Frame, 'type' | 'sequence' | 'cursor'> {
  const payload = event.data?.[responseName] as Readonly<Record<string, string>> | null | undefined;
  return {
    type: payload?.['__typename'] ?? '',
    sequence: payload?.[OWN_NAMES.sequence] ?? null,
    cursor: payload?.[OWN_NAMES.cursor] ?? null,
  };
}

function possibleTypes(schema: GraphQLSchema, type: unknown): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
}
