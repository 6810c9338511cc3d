import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSources, readText, type Source } from './test-sources.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A Markdown link: text in brackets, then the target. */
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
/** A link target outside the repository. */
const ELSEWHERE = /^[a-z]+:/;
const TEST_SUFFIX = /^(\.integration)?\.test\.ts$|^\.e2e\.ts$/;
const SOURCE_NAME = /`([\w/-][\w./-]*\.ts)`/g;
/** Words that docs/STYLE.md replaces; only that document may use them. */
const OLD_WORDS =
  /\b(anew|for ever|reckon\w*|amiss|hundredths of a percent|taken back|in any case|also not|of before)\b/gi;
/** A comment line. */
const COMMENT = /^ *(?:\*|\/\/|\/\*).*$/gm;
const CODE = /^```[\s\S]*?^```/gm;

/** Broken links between our documents: the file or the heading does not exist. */
export function brokenLinks(): readonly string[] {
  return readSources('.md').flatMap((document) =>
    linksOf(document)
      .filter((link) => !leadsSomewhere(document, link))
      .map((link) => `${document.file}: ${link}`),
  );
}

/**
 * Source files that a document names but that do not exist. A folder's map names files relative to its folder or the
 * root; other documents use the end of the path.
 */
export function missingSources(): readonly string[] {
  const sources = readSources('.ts').map(({ file }) => `/${file}`);
  return readSources('.md').flatMap(({ file, text }) => {
    const folder = path.posix.dirname(file);
    const isMap = file.endsWith('/README.md') && !file.startsWith('docs/');
    const isThere = (name: string) =>
      isMap
        ? [`/${folder}/${name}`, `/${name}`].some((one) => sources.includes(one))
        : sources.some((source) => source.endsWith(`/${name}`));
    return [...text.matchAll(SOURCE_NAME)]
      .map(([, name = '']) => name)
      .filter((name) => !isThere(name))
      .map((name) => `${file}: ${name}`);
  });
}

/** Words in our documents and comments that docs/STYLE.md replaces. */
export function oldWords(): readonly string[] {
  const documents = readSources('.md').filter(({ file }) => file !== 'docs/STYLE.md');
  const comments = readSources('.ts', '.prisma').map(({ file, text }) => ({
    file,
    text: [...text.matchAll(COMMENT)].join('\n'),
  }));
  return [...documents, ...comments].flatMap(({ file, text }) =>
    [...text.matchAll(OLD_WORDS)].map(([word]) => `${file}: ${word}`),
  );
}

/** Names in code style in the first column of the tables of a document, or of one section; a row can have several. */
export function namesInTables(file: string, section?: string): readonly string[] {
  const text = readText(file);
  const [, own = ''] = section === undefined ? ['', text] : text.split(`\n## ${section}\n`);
  const [part = ''] = section === undefined ? [own] : own.split('\n## ');
  const rows = part.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => {
    const [, names = ''] = row.split('|');
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  });
}

/** Promises in a table that name a missing test in the last column. */
export function unheldPromises(file: string): readonly string[] {
  const tests = readSources('.test.ts', '.e2e.ts').map((source) => source.file);
  const [, promises = ''] = readText(file).split('\n## What is promised\n');
  const [section = ''] = promises.split('\n## ');
  const rows = section.split('\n').filter((line) => line.endsWith('` |'));
  return rows.flatMap((row) =>
    [...(row.split(' | ').at(-1) ?? '').matchAll(/`([^`]+)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => !tests.some((test) => TEST_SUFFIX.test(endOf(`/${test}`, `/${name}`)))),
  );
}

/** The text after the last occurrence of a part; empty if there is none. */
function endOf(text: string, part: string): string {
  const at = text.lastIndexOf(part);
  return at < 0 ? '' : text.slice(at + part.length);
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

/** GitHub's anchors: headings in lower case, without punctuation, with hyphens for spaces. */
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
