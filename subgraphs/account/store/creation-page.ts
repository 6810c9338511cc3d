import type { CreationPageKey } from '../identity/creation-page-key.ts';

/** The part of a query that selects one page of items, newest first. */
export function creationPage({ before, limit }: CreationPageKey) {
  const orderBy = [{ createdAt: 'desc' }, { id: 'desc' }] as const;
  if (before === null) return { where: {}, orderBy: [...orderBy], take: limit };
  const createdAt = new Date(before.createdAtMs);
  // A separate bound, so that an index can be used.
  const where = { createdAt: { lte: createdAt }, NOT: { createdAt, id: { gte: before.id } } };
  return { where, orderBy: [...orderBy], take: limit };
}
