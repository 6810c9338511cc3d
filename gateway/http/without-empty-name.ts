/**
 * Removes an empty `operationName` from a request: several clients send one for an operation that
 * needs no name, and libraries disagree about what it means. Every transport does this before
 * anything looks for the operation, so that what is checked is what runs.
 */
export function withoutEmptyName<Request extends { readonly operationName?: unknown }>(
  request: Request,
): Request {
  if (request.operationName !== '') return request;
  const { operationName: _empty, ...others } = request;
  return others as Request;
}
