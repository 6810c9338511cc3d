import type { CreationPageKey } from '../identity/creation-page-key.ts';

/** The part of a query that takes a page of items sorted by creation, newest first. */
export function creationPage({ before, limit }: CreationPageKey) {
  const orderBy = [{ createdAt: 'desc' }, { id: 'desc' }] as const;
  if (before === null) return { where: {}, orderBy: [...orderBy], take: limit };
  const createdAt = new Date(before.createdAtMs);
  // A bound of its own, so that an index finds it.
  const where = { createdAt: { lte: createdAt }, NOT: { createdAt, id: { gte: before.id } } };
  return { where, orderBy: [...orderBy], take: limit };
}
