import {
  type DocumentNode,
  getNullableType,
  getOperationAST,
  type GraphQLCompositeType,
  type GraphQLError,
  type GraphQLLeafType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import {
  type GivenValues,
  type GivenVariables,
  valuesOfVariables,
} from '../../limits/given-variables.ts';
import {
  actualType,
  beginCompletion,
  type Completion,
  fault,
  isAnyText,
  leafCheck,
  nothing,
  placeOf,
} from './completion.ts';
import { asksForSchema } from './describe-schema.ts';
import { quoted } from './json-text.ts';
import { isJsonObject, type JsonObject, ownValue, valueReader } from './own-property.ts';
import {
  type Meaning,
  meaningOf,
  type Part,
  type SelectedField,
  selectedFields,
} from './selected-fields.ts';

/** Adds one field to an object's text; null if the object must be null. */
type Append = (text: string, input: JsonObject, run: Completion) => string | null;
/** The fields of an object that a run asks for, in order. */
type Steps = (run: Completion) => readonly Append[];
/** The text of one position in the response; null for a null. */
type Write = (input: unknown, run: Completion) => string | null;

/** A field that is compiled: what is selected from it, and the type that it is a field of. */
interface Selection {
  readonly meaning: Meaning;
  readonly parts: readonly Part[];
  readonly parent: GraphQLCompositeType;
}

/**
 * The JSON text of what clients get of an operation's merged data, and why parts of it are null.
 * @param isPlain whether no text in the data needs an escape in JSON
 */
export type WriteResponse = (
  input: JsonObject,
  variables: GivenVariables,
  isPlain: boolean,
) => { readonly text: string | null; readonly errors: readonly GraphQLError[] };

/** An object's text before it has a field. */
const BEGIN = '{';

/**
 * Compiles an operation's selection into functions that write the response from the merged data
 * directly, without objects in between: its fields in order, only what was asked for, nulls carried
 * up to where they are allowed. What fragments select is put together once for each type of object.
 * @param document valid, with one operation
 */
export function compileWriting(schema: GraphQLSchema, document: DocumentNode): WriteResponse {
  const operation = getOperationAST(document);
  invariant(operation, 'a document has one operation');
  const root = schema.getRootType(operation.operation);
  invariant(root, 'an operation has a root type');
  const meaning = meaningOf(schema, document);
  const steps = compileFields(meaning, root, [{ set: operation.selectionSet, isAsked: null }]);
  return (input, variables, isPlain) => {
    const run = beginCompletion(valuesOfVariables(operation, variables), isPlain);
    const text = appendAll(steps(run), input, run);
    return { text, errors: run.errors };
  };
}

function compileFields(
  meaning: Meaning,
  parent: GraphQLCompositeType,
  parts: readonly Part[],
): Steps {
  const steps = new Map<SelectedField, Append>();
  const places = selectedFields(meaning, parent, parts).map(({ field, isHere }) => {
    const step = steps.get(field) ?? compileField(meaning, parent, field);
    steps.set(field, step);
    return { step, isHere };
  });
  const all = places.map(({ step }) => step);
  if (places.every(({ isHere }) => isHere === null)) return () => all;
  // Decided once for a response: it can have very many such objects, and a condition many parts.
  const asked = new WeakMap<GivenValues, readonly Append[]>();
  return ({ values }) => {
    const known = asked.get(values);
    if (known !== undefined) return known;
    const here = places.filter(({ isHere }) => isHere === null || isHere(values));
    const own = here.map(({ step }) => step);
    asked.set(values, own);
    return own;
  };
}

function appendAll(steps: readonly Append[], input: JsonObject, run: Completion): string | null {
  let text = BEGIN;
  for (const step of steps) {
    const longer = step(text, input, run);
    if (longer === null) return null;
    text = longer;
  }
  return `${text}}`;
}

function compileField(
  meaning: Meaning,
  parent: GraphQLCompositeType,
  { name, node, parts }: SelectedField,
): Append {
  if (node.name.value === '__typename') return typenameStep(meaning.schema, parent, name);
  if (asksForSchema(node)) return describedStep(name);
  const hasFields = isObjectType(parent) || isInterfaceType(parent);
  const type = hasFields ? parent.getFields()[node.name.value]?.type : undefined;
  invariant(type !== undefined, 'every field has a type');
  const read = valueReader(name);
  const write = compileType(type, { meaning, parts, parent });
  const isText = isAnyText(getNullableType(type));
  const [first, next] = [`"${name}":`, `,"${name}":`];
  const [firstText, nextText] = [`${first}"`, `${next}"`];
  return (text, input, run) => {
    const value = read(input) ?? null;
    if (isText && run.isPlain && typeof value === 'string')
      return `${text}${text.length === BEGIN.length ? firstText : nextText}${value}"`;
    run.path.push(name);
    run.isInvalid = false;
    run.hasErrors = false;
    const written = write(value, run);
    run.path.pop();
    return run.isInvalid
      ? null
      : `${text}${text.length === BEGIN.length ? first : next}${written ?? 'null'}`;
  };
}

function typenameStep(schema: GraphQLSchema, parent: GraphQLCompositeType, name: string): Append {
  return (text, input, run) => {
    const typename = ownValue(input, name) ?? ownValue(input, '__typename');
    const known = typeof typename === 'string' ? schema.getType(typename) : undefined;
    const type = known ?? parent;
    if (!isObjectType(type)) {
      fault(run, `An object of type ${type.name} has no type of its own.`);
      return null;
    }
    return `${text}${text.length === BEGIN.length ? '' : ','}"${name}":"${type.name}"`;
  };
}

/** What describes the schema was completed when it was read. */
function describedStep(name: string): Append {
  return (text, input) => {
    const value = JSON.stringify(ownValue(input, name) ?? null);
    return `${text}${text.length === BEGIN.length ? '' : ','}"${name}":${value}`;
  };
}

function compileType(type: GraphQLOutputType, selection: Selection): Write {
  if (isNonNullType(type)) return nonNull(type.ofType, selection);
  if (isListType(type)) return list(compileType(type.ofType, selection));
  return isLeafType(type) ? leaf(type, selection) : object(type, selection);
}

function nonNull(type: GraphQLOutputType, selection: Selection): Write {
  const write = compileType(type, selection);
  return (input, run) => {
    const text = write(input, run);
    if (text !== null) {
      run.isInvalid = false;
      run.hasErrors = false;
      return text;
    }
    if (!run.hasErrors)
      fault(run, `Cannot return null for non-nullable ${placeOf(run, type, selection.parent)}.`);
    run.isInvalid = true;
    run.hasErrors = true;
    return null;
  };
}

function list(write: Write): Write {
  return (input, run) => {
    if (input === null) return nothing(run);
    invariant(Array.isArray(input), 'a subgraph gave no list for a list');
    let text = '[';
    let isInvalid = false;
    let hasErrors = false;
    for (let index = 0; index < input.length; index += 1) {
      run.path.push(index);
      run.isInvalid = false;
      run.hasErrors = false;
      const item = write((input as unknown[])[index] ?? null, run) ?? 'null';
      text = index === 0 ? `[${item}` : `${text},${item}`;
      run.path.pop();
      isInvalid ||= run.isInvalid;
      hasErrors ||= run.hasErrors;
    }
    run.isInvalid = false;
    run.hasErrors = hasErrors;
    return isInvalid ? null : `${text}]`;
  };
}

function object(type: GraphQLCompositeType, selection: Selection): Write {
  const { meaning, parts, parent } = selection;
  const stepsOf = new Map<GraphQLCompositeType, Steps>();
  return (input, run) => {
    if (input === null) return nothing(run);
    invariant(isJsonObject(input), 'a subgraph gave no object for an object');
    const actual = actualType(meaning.schema, type, input);
    if (actual === undefined) {
      fault(run, `Invalid __typename found for object at ${placeOf(run, type, parent)}.`);
      run.isInvalid = false;
      run.hasErrors = true;
      return null;
    }
    const steps = stepsOf.get(actual) ?? compileFields(meaning, actual, parts);
    stepsOf.set(actual, steps);
    const text = appendAll(steps(run), input, run);
    run.isInvalid = false;
    run.hasErrors = text === null;
    return text;
  };
}

function leaf(type: GraphQLLeafType, { parent }: Selection): Write {
  const isValid = leafCheck(type);
  return (input, run) => {
    if (input === null) return nothing(run);
    run.isInvalid = false;
    run.hasErrors = !isValid(input);
    if (!run.hasErrors) return typeof input === 'string' ? quoted(input) : JSON.stringify(input);
    fault(run, `Invalid value found for ${placeOf(run, type, parent)}.`);
    return null;
  };
}
