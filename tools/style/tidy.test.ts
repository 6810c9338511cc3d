// Enforces docs/STYLE.md by reading the project's own files. If a rule stands in the way of something
// better, change the rule here in the same commit.
import { type DefinitionNode, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  brokenLinks,
  missingSources,
  namesInTables,
  oldWords,
  unheldPromises,
} from './test-documents.ts';
import { loggedTexts, metricNames } from './test-reported.ts';
import { importsOf, namesIn, readSources, readText, type Source } from './test-sources.ts';

const SUBGRAPHS = ['account', 'market-data', 'order'] as const;
const MAX_LINES = 300;
/** A key of an environment schema, or such a name as a value. */
const VARIABLE = /^ +([A-Z][A-Z0-9_]{2,}):|: '([A-Z][A-Z0-9_]{2,})',$/gm;

const sources = readSources('.ts');
const production = sources.filter(({ file }) => !isTestCode(file));

describe('imports', () => {
  it.each([
    ...SUBGRAPHS.flatMap((name): [string, RegExp, RegExp][] => {
      const unit = `subgraphs/${name}`;
      return [
        [`${name} imports itself and shared code`, within(unit), within(unit, 'subgraphs/shared')],
        [
          `${name}'s domain is pure`,
          within(`${unit}/domain`),
          within(`${unit}/domain`, 'subgraphs/shared/domain'),
        ],
      ];
    }),
    ['shared code imports shared code', within('subgraphs/shared'), within('subgraphs/shared')],
    [
      'shared domain code imports itself',
      within('subgraphs/shared/domain'),
      within('subgraphs/shared/domain'),
    ],
    ['the gateway imports shared code', within('gateway'), within('gateway', 'subgraphs/shared')],
    [
      'the start imports servers, stores and shared code',
      /^start(\.ts$|\/)/,
      /^(start\/|prisma\/|subgraphs\/shared\/|(subgraphs\/[a-z-]+|gateway)\/(server|environment)\.ts$)/,
    ],
  ])('%s', (_rule, from, mayImport) => {
    const strangers = production
      .filter(({ file }) => from.test(file))
      .flatMap((source) =>
        importsOf(source)
          .filter((target) => !target.startsWith('package:') && !mayImport.test(target))
          .map((target) => `${source.file} imports ${target}`),
      );
    expect(strangers).toEqual([]);
  });

  it('of domain code name no package', () => {
    const domain = production.filter(({ file }) => /^subgraphs\/[a-z-]+\/domain\//.test(file));
    expect(domain.flatMap((source) => packagesOf(source))).toEqual([]);
  });

  it.each([
    ['the database client', /__generated__\/prisma/, /^subgraphs\/[a-z-]+\/store\/|^prisma\//],
    ['Redis', /^package:ioredis/, /^subgraphs\/shared\/events\/|^gateway\/limits\/redis-/],
  ])('of %s stay where they belong', (_what, target, home) => {
    const elsewhere = production.filter(
      (source) => !home.test(source.file) && importsOf(source).some((name) => target.test(name)),
    );
    expect(elsewhere.map(({ file }) => file)).toEqual([]);
  });

  it('give nobody cheaper passwords', () => {
    const home = 'subgraphs/account/identity/passwords/scrypt-password-hasher.ts';
    const cheap = production.filter(({ file, text }) => file !== home && /costLog2/.test(text));
    expect(cheap.map(({ file }) => file)).toEqual([]);
  });

  it('never reach an entry point or test code', () => {
    const wrong = production.flatMap((source) =>
      importsOf(source)
        .filter((target) => /(^start\.ts|\/main\.ts)$/.test(target) || isTestCode(target))
        .map((target) => `${source.file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${MAX_LINES} lines`, () => {
    const long = sources.filter(({ text }) => text.trimEnd().split('\n').length > MAX_LINES);
    expect(long.map(({ file }) => file)).toEqual([]);
  });

  it('are named after a concept', () => {
    const dumps = sources.filter(({ file }) =>
      /(^|[/.-])(utils?|helpers?|common|misc|stuff)([.-][^/]*)?\.ts$/i.test(file),
    );
    expect(dumps.map(({ file }) => file)).toEqual([]);
  });

  it('are no barrels, but for the one list of resolvers', () => {
    const barrels = sources.filter(
      ({ file, text }) =>
        (file.endsWith('/index.ts') && !file.endsWith('/resolvers/index.ts')) ||
        withoutComments(text)
          .split('\n')
          .filter((line) => line.trim() !== '')
          .every((line) => /^export .* from /.test(line)),
    );
    expect(barrels.map(({ file }) => file)).toEqual([]);
  });

  it('say what they export', () => {
    const documented = production.filter(
      ({ file }) => !/\/resolvers\/|\.config\.ts$|\.setup\.ts$/.test(file),
    );
    expect(documented.flatMap((source) => undocumentedExports(source))).toEqual([]);
  });

  it('hold no notes to ourselves', () => {
    const notes = sources.filter(({ text }) => /\b(TO[D]O|FIX[M]E|HAC[K])\b/.test(text));
    expect(notes.map(({ file }) => file)).toEqual([]);
  });
});

describe.each(SUBGRAPHS)('the schema of %s', (name) => {
  const { definitions } = parse(readText(`subgraphs/${name}/schema.graphql`));

  it.each(['Query', 'Mutation', 'Subscription'])(
    'has a resolver file for each %s field',
    (type) => {
      const fields = fieldsOf(definitions, type);
      const files = namesIn(`subgraphs/${name}/resolvers/${type}`).filter(
        (file) => !file.includes('test'),
      );
      expect(files).toEqual(fields.map((field) => `${field}.ts`).sort());
    },
  );
});

describe('money', () => {
  it('is no Float in a schema', () => {
    const floats = readSources('.graphql', '.prisma').filter(
      ({ file, text }) => file !== 'gateway/supergraph.graphql' && /\bFloat\b/.test(code(text)),
    );
    expect(floats.map(({ file }) => file)).toEqual([]);
  });
});

describe('SQL', () => {
  it('is never put together from texts where the database client takes values', () => {
    const unsafe = production.filter(({ text }) =>
      /\$(query|execute)RawUnsafe|\bPrisma\.raw\b/.test(text),
    );
    expect(unsafe.map(({ file }) => file)).toEqual([]);
  });
});

describe('.env.example', () => {
  it('names the variables that the environment files read, and no others', () => {
    const read = sources
      .filter(({ file }) => /(^|[/-])(environment|variables)\.ts$/.test(file))
      .flatMap(({ text }) => [...text.matchAll(VARIABLE)])
      .map(([, key, value]) => key ?? value);
    const composed = [...readText('docker-compose.yml').matchAll(/\$\{([A-Z0-9_]+)/g)].map(
      ([, variable]) => variable,
    );
    expect([...listedVariables()].sort()).toEqual([...new Set([...read, ...composed])].sort());
  });
});

describe('the documents', () => {
  it('link to files and headings that are there', () => {
    expect(brokenLinks()).toEqual([]);
  });

  it('name source files that are there', () => {
    expect(missingSources()).toEqual([]);
  });

  it('and comments are written in the words of docs/STYLE.md', () => {
    expect(oldWords()).toEqual([]);
  });

  it('name every variable, in docs/CONFIGURATION.md', () => {
    const named = namesInTables('docs/CONFIGURATION.md');
    expect([...new Set(named)].sort()).toEqual([...listedVariables()].sort());
  });

  it('name every line that is logged as a warning or worse, and no others, in docs/OPERATIONS.md', () => {
    expect([...namesInTables('docs/OPERATIONS.md', 'Logs')].sort()).toEqual(
      loggedTexts(production),
    );
  });

  it('name every metric, and no others, in docs/OPERATIONS.md', () => {
    const named = namesInTables('docs/OPERATIONS.md')
      .map((name) => name.replace(/\{.*\}$/, ''))
      .filter((name) => name.startsWith('deskgraph_'));
    expect(named.sort()).toEqual(metricNames(production));
  });

  it('name every command, in README.md', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: object };
    const readme = readText('README.md');
    const isNamed = (name: string) => new RegExp(`\\b${name}(?![\\w:-])`).test(readme);
    expect(Object.keys(scripts).filter((name) => !isNamed(name))).toEqual([]);
  });

  it('name tests that are there for what is promised, in docs/SECURITY.md', () => {
    expect(unheldPromises('docs/SECURITY.md')).toEqual([]);
  });

  it('begin with one line that starts everything, and one that tests everything', () => {
    const lines = readText('README.md').split('\n');
    expect(lines).toEqual(expect.arrayContaining(['npm ci && npm start', 'npm ci && npm test']));
  });
});

/** The variables of `.env.example`, each once. */
function listedVariables(): ReadonlySet<string> {
  const listed = readText('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm);
  return new Set([...listed].map(([, variable = '']) => variable));
}

function isTestCode(file: string): boolean {
  return /\.test\.ts$|\.config\.ts$|(^|\/)test-|^gateway\/(e2e|fixtures)\/|^bench\/|^simulation\//.test(
    file,
  );
}

/** Matches files in any of these folders, at any depth. */
function within(...folders: readonly string[]): RegExp {
  return new RegExp(`^(${folders.join('|')})/`);
}

function packagesOf(source: Source): readonly string[] {
  return importsOf(source)
    .filter((target) => target.startsWith('package:'))
    .map((target) => `${source.file} imports ${target}`);
}

/** Whether a docstring ends on the line before; a type derived from a documented constant needs none. */
function undocumentedExports({ file, text }: Source): readonly string[] {
  const lines = text.split('\n');
  const pattern =
    /^export (?:abstract |async |declare )*(?:function|class|interface|type|const|enum) \*?(\w+)/;
  return lines.flatMap((line, index) => {
    const name = pattern.exec(line)?.[1];
    const before = lines[index - 1]?.trim() ?? '';
    const isDocumented = before.endsWith('*/') || before.endsWith('as const;');
    return name === undefined || isDocumented ? [] : [`${file}: ${name}`];
  });
}

function fieldsOf(definitions: readonly DefinitionNode[], type: string): readonly string[] {
  return definitions
    .filter(
      (definition): definition is ObjectTypeDefinitionNode =>
        (definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
          (definition.kind as Kind) === Kind.OBJECT_TYPE_EXTENSION) &&
        'name' in definition &&
        definition.name?.value === type,
    )
    .flatMap(({ fields }) => fields ?? [])
    .map(({ name }) => name.value);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

/** The schema text without descriptions and comments. */
function code(text: string): string {
  return text.replace(/"""[\s\S]*?"""|"[^"\n]*"|#.*$|\/\/.*$/gm, '');
}
