import type { Source } from './test-sources.ts';

/** A call that logs a warning or worse, with calls inside calls inside it. */
const LOGGED = /[.#](?:warn|error|fatal)\w*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g;
/** What is logged of something that is away. */
const AWAY = /\baway: [^,]+,/g;
/** The text at the end of either, or the constant that holds it. */
const TEXT = /(?:'([^']+)'|\b([A-Z][A-Z_]+))\s*,?\s*\)?$/;
const METRIC = /\bname: '(deskgraph_[a-z_]+)'/g;

/** The texts of all lines that these sources log as a warning or worse, each once. */
export function loggedTexts(sources: readonly Source[]): readonly string[] {
  const logging = sources.filter(({ text }) => /\blogger\b/i.test(text));
  const texts = logging.flatMap(({ text }) =>
    [...text.matchAll(LOGGED), ...text.matchAll(AWAY)].flatMap(([call]) => {
      const [, literal, constant] = TEXT.exec(call) ?? [];
      if (constant === undefined) return literal ?? [];
      return new RegExp(`const ${constant} =\\s+'([^']+)'`).exec(text)?.[1] ?? constant;
    }),
  );
  return [...new Set(texts)].sort();
}

/** The names of all metrics of ours in these sources, each once. */
export function metricNames(sources: readonly Source[]): readonly string[] {
  const names = sources.flatMap(({ text }) =>
    [...text.matchAll(METRIC)].map(([, name = '']) => name),
  );
  return [...new Set(names)].sort();
}
