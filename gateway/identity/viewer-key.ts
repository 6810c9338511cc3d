import type { Viewer } from '#shared/identity/viewer.ts';
import { canonicalJson } from '../subscriptions/canonical-json.ts';

const keys = new WeakMap<Viewer, string>();

/**
 * Everything that a passport says of a viewer, as text: equal only for viewers that may see the
 * same.
 */
export function viewerKey(viewer: Viewer): string {
  const known = keys.get(viewer) ?? canonicalJson(viewer);
  keys.set(viewer, known);
  return known;
}
