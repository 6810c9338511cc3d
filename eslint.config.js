// @ts-check
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const SUBGRAPHS = ['account', 'market-data', 'order'];
const ENTRIES = ['gateway', ...SUBGRAPHS.map((name) => `subgraphs/${name}`)].map(
  (unit) => `./${unit}/main.ts`,
);
/** Code that only tests, benchmarks and the simulator run; production code may not import it. */
const TEST_CODE = [
  '**/*.test.ts',
  '**/test-*.ts',
  'gateway/e2e/**/*.ts',
  'gateway/fixtures/**/*.ts',
  'bench/**/*.ts',
  'simulation/**/*.ts',
];

// Who may import whom. tools/style/tidy.test.ts holds the same lines by its own means.
/** @typedef {{ target: string | string[], from: string | string[], except?: string[], message?: string }} Zone */
/** @type {Zone[]} */
const EVERYWHERE = [
  { target: '.', from: ['./start.ts', ...ENTRIES], message: 'Nothing imports an entry point.' },
  { target: './subgraphs/shared', from: './subgraphs', except: ['./shared'] },
  { target: './subgraphs/shared', from: ['./gateway', './prisma', './start'] },
  { target: './subgraphs/shared/domain', from: './subgraphs/shared', except: ['./domain'] },
];
/** @type {Zone[]} */
const IN_PRODUCTION = [
  ...EVERYWHERE,
  { target: './gateway', from: './subgraphs', except: ['./shared'] },
  { target: './gateway', from: ['./prisma', './start'] },
  { target: './prisma', from: ['./gateway', './start'] },
  { target: './start', from: './gateway', except: ['./server.ts', './environment.ts'] },
  {
    target: ['./start', './start.ts'],
    from: './subgraphs',
    except: [
      './shared',
      ...SUBGRAPHS.flatMap((name) => [`./${name}/server.ts`, `./${name}/environment.ts`]),
    ],
  },
  ...SUBGRAPHS.flatMap((name) => zonesOf(name)),
];
/** @type {Zone[]} */
const IN_TESTS = [
  ...EVERYWHERE,
  {
    target: './gateway/e2e',
    from: './subgraphs',
    except: ['./shared', ...SUBGRAPHS.map((name) => `./${name}/server.ts`)],
    message: 'A scenario knows what a server is made from, not what lies behind it.',
  },
];

/** @param {string} name @returns {Zone[]} */
function zonesOf(name) {
  const unit = `./subgraphs/${name}`;
  return [
    { target: unit, from: './subgraphs', except: [`./${name}`, './shared'] },
    { target: unit, from: ['./gateway', './prisma', './start'] },
    { target: `${unit}/domain`, from: unit, except: ['./domain'] },
    { target: `${unit}/domain`, from: './subgraphs/shared', except: ['./domain'] },
    { target: `${unit}/resolvers`, from: [`${unit}/store`, `${unit}/__generated__/prisma`] },
    { target: `${unit}/store`, from: [`${unit}/resolvers`, `${unit}/server.ts`] },
  ];
}

const SHIELD = ['graphql-shield', 'graphql-middleware'].map((name) => ({
  name,
  message: 'Import it from #shared/graphql/shield.ts, which makes it run on every Node.',
}));
const REDIS = {
  name: 'ioredis',
  message:
    'Redis is behind the EventBus port; subgraphs/shared/events/ and gateway/limits/ alone know it.',
};
const DATABASE_CLIENT = {
  group: ['**/__generated__/prisma/**', '@prisma/*'],
  message: 'Only store/ and prisma/ know the database client.',
};
const NOT_IN_DOMAIN = {
  regex: '^(?!\\.|#shared/domain/)',
  message: 'domain/ is pure: it imports its own files and #shared/domain/.',
};

const float = 'Amounts are bigint; a float loses digits.';

/** A spread literal, which only packs several properties into one line. */
const PACKED = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression',
  message: 'Write the properties themselves; a spread literal only saves lines.',
};
const FLOATS = [
  { selector: 'CallExpression[callee.name=/^(Number|parseFloat)$/]', message: float },
  { selector: 'CallExpression[callee.property.name=/^(parseFloat|toNumber)$/]', message: float },
];

export default tseslint.config(
  { ignores: ['**/__generated__/**', '.data/**', 'coverage/**', 'bench/peers/**'] },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': /** @type {any} */ (importX) },
    settings: { 'import-x/resolver-next': [createNodeResolver()] },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        { basePath: import.meta.dirname, zones: IN_PRODUCTION },
      ],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-extraneous-dependencies': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Not meant for us: branded bigints are bigints, our methods are closures without `this`,
      // graphql's enums are their strings, numbers may stand in messages, and an async method may
      // keep a port's promise with no await.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/require-await': 'off',
      'no-restricted-imports': [
        'error',
        { paths: [REDIS, ...SHIELD], patterns: [DATABASE_CLIENT] },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only environment files read it.' },
      ],
      'no-console': 'error',
      'no-param-reassign': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      complexity: ['error', 16],
      'max-depth': ['error', 3],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 70],
    },
  },
  { files: ['**/*.ts'], ignores: TEST_CODE, rules: { 'no-restricted-syntax': ['error', PACKED] } },
  {
    files: ['subgraphs/*/domain/**/*.ts'],
    ignores: TEST_CODE,
    rules: {
      'no-restricted-imports': ['error', { patterns: [NOT_IN_DOMAIN] }],
      'no-restricted-syntax': ['error', PACKED, ...FLOATS],
    },
  },
  {
    // The one place where counts of ticks and steps, shown to be safe integers, become numbers.
    files: ['subgraphs/order/domain/instrument-units.ts'],
    rules: { 'no-restricted-syntax': ['error', PACKED] },
  },
  {
    files: ['subgraphs/*/store/**/*.ts', 'prisma/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [REDIS, ...SHIELD] }] },
  },
  {
    files: ['subgraphs/shared/events/**/*.ts', 'gateway/limits/redis-allowances.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: SHIELD, patterns: [DATABASE_CLIENT] }] },
  },
  {
    files: ['**/environment.ts', '**/*-environment.ts', '*.config.ts', 'prisma/generate.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['*.config.ts'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: TEST_CODE,
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: IN_TESTS }],
      'no-restricted-imports': 'off',
      'no-restricted-properties': 'off',
      'no-console': 'off',
      // A describe is a list of cases, not a function to be read at once.
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any() and friends are any
    },
  },
);
