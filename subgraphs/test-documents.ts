import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSources, readText, type Source } from './test-sources.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Text in brackets, then where it leads. */
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
/** Leads out of the repository. */
const ELSEWHERE = /^[a-z]+:/;
const CODE = /^```[\s\S]*?^```/gm;

/** Links between our documents that lead nowhere: to a file or a heading that is not there. */
export function brokenLinks(): readonly string[] {
  return readSources('.md').flatMap((document) =>
    linksOf(document)
      .filter((link) => !leadsSomewhere(document, link))
      .map((link) => `${document.file}: ${link}`),
  );
}

/** Names in code style at the beginning of a document's table rows, more than one of them included. */
export function namesInTables(file: string): readonly string[] {
  const rows = readText(file)
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => {
    const [, names = ''] = row.split('|');
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  });
}

function linksOf({ text }: Source): readonly string[] {
  return [...text.replace(CODE, '').matchAll(LINK)]
    .map(([, link = '']) => link)
    .filter((link) => !ELSEWHERE.test(link));
}

function leadsSomewhere({ file }: Source, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const found = target === '' ? file : path.posix.join(path.posix.dirname(file), target);
  if (!existsSync(path.join(ROOT, found))) return false;
  return anchor === undefined || (found.endsWith('.md') && anchorsOf(found).includes(anchor));
}

/** Where GitHub lets links point to: the headings in small letters, without signs, with hyphens for spaces. */
function anchorsOf(file: string): readonly string[] {
  const headings = readText(file)
    .replace(CODE, '')
    .matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-'),
  );
}
