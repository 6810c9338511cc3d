import type { Findings } from './benchmark.ts';
import type { Row, Spread } from './rows.ts';

/** The figures for machines: medians only, one line. */
export function asJson(bench: string, { rows }: Findings): string {
  return JSON.stringify({
    bench,
    rows: rows.map(({ key, unit, ours, peers, ratios }) => ({
      key,
      unit,
      ours: rounded(ours.median),
      peers: medians(peers),
      ratios: medians(ratios),
    })),
  });
}

function medians(spreads: Readonly<Record<string, Spread>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(spreads).map(([name, { median }]) => [name, rounded(median)]),
  );
}

/** Three significant digits say more than a measurement does. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** The figures for people, a Markdown table, with the spread of every one. */
export function asTable({ rows, notes }: Findings): string {
  const lines = rows.flatMap((row) => [
    line(row, 'ours'),
    ...Object.keys(row.peers).map((peer) => line(row, peer)),
  ]);
  return [
    '| figure | unit | variant | median [least–most] (runs) | ours ÷ this |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    ...(notes.length > 0 ? [''] : []),
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}

function line({ key, unit, ours, peers, ratios }: Row, variant: string): string {
  const spread = variant === 'ours' ? ours : peers[variant];
  const ratio = ratios[variant];
  return `| ${key} | ${unit} | ${variant} | ${text(spread)} | ${text(ratio)} |`;
}

function text(spread: Spread | undefined): string {
  if (spread === undefined) return '';
  const { median, least, most, runs } = spread;
  return `${digits(median)} [${digits(least)}–${digits(most)}] (${runs})`;
}

function digits(value: number): string {
  return rounded(value).toLocaleString('en');
}
