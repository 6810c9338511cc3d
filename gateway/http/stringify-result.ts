import type { FormattedExecutionResult } from 'graphql';
import { JsonText } from '../supergraph/execution/json-text.ts';

/** A result as it is sent; data that is already text is not parsed again. */
export function stringifyResult(result: FormattedExecutionResult): string {
  const { errors, data, extensions } = result as Readonly<Record<string, unknown>>;
  if (!(data instanceof JsonText)) return `${JSON.stringify(result)}\n`;
  const before = errors === undefined ? '' : `"errors":${JSON.stringify(errors)},`;
  const behind = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `{${before}"data":${data.text}${behind}}\n`;
}
