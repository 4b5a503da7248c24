import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/**
 * SQL that not all of MySQL 8, MariaDB ≥ 10.11 and TiDB run, or that the design refuses: pattern, why. Looked for in every string
 * and template, because statements are often put together from pieces.
 */
const FORBIDDEN_SQL = [
  ['/skip\\s+locked/i', 'SKIP LOCKED locks every row without a fitting index; claim by a lease instead'],
  ['/(^|\\W)RETURNING\\s+[`*\\w]/', 'RETURNING does not exist in MySQL'],
  ['/^\\s*(insert|update|delete|replace)\\s[^]*\\sreturning\\s/i', 'RETURNING does not exist in MySQL'],
  ['/for\\s+share(\\s|;|\\)|$)/i', 'FOR SHARE does not exist in MariaDB'],
  ['/lock\\s+in\\s+share\\s+mode/i', 'shared locks invite deadlocks; lock FOR UPDATE in key order'],
  [
    '/values[^]*\\)\\s*as\\s+`?\\w+`?(\\s*\\([^)]*\\))?\\s+on\\s+duplicate/i',
    'no row alias in MariaDB; use VALUES(column)',
  ],
  [
    '/^\\s*\\)?\\s*as\\s+`?\\w+`?(\\s*\\([^)]*\\))?\\s+on\\s+duplicate/i',
    'no row alias in MariaDB; use VALUES(column)',
  ],
  ['/_nopad_/i', 'nopad collations do not exist in MySQL; identifiers are VARBINARY'],
  [
    '/(^|[\\s`,(])\\w+`?\\s+uuid\\s+(not|null|primary|default|unique)/i',
    'the native UUID type is MariaDB only; use BINARY(16)',
  ],
  [
    '/create\\s+(or\\s+replace\\s+)?(definer\\s*=\\s*\\S+\\s+)?(trigger|procedure|function|event)\\s/i',
    'no triggers, procedures or events',
  ],
];

const forbiddenSql = FORBIDDEN_SQL.flatMap(([pattern, message]) => [
  { selector: `Literal[value=${pattern}]`, message },
  { selector: `TemplateElement[value.cooked=${pattern}]`, message },
]);

const nativeUuidColumn = {
  selector: "Property[key.name='type'] > Literal[value='uuid']",
  message: 'TypeORM makes this a native UUID column, which is MariaDB only; use binary(16)',
};

const readsEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only libs/config reads process.env; take a typed slice of the configuration',
};

const everywhere = {
  'max-depth': ['error', 3],
  'no-var': 'error',
  'prefer-const': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-restricted-syntax': ['error', ...forbiddenSql, nativeUuidColumn],
};

const unused = { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true };

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/.data/**',
      'coverage/**',
      'libs/api-client/src/schema.d.ts',
      '**/fixtures/borders/**',
    ],
  },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.{mjs,cjs,js}'],
    rules: { ...everywhere, 'no-unused-vars': ['error', unused] },
  },
  {
    // The patterns themselves stand here.
    files: ['eslint.config.mjs', 'apps/local/lint.test.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...everywhere,
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unused-vars': ['error', unused],
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-non-null-asserted-optional-chain': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['libs/*/src/**/*.ts', 'apps/{api,worker}/src/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['libs/*/src/**/*.ts'],
    ignores: ['libs/{config,testing}/**', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...forbiddenSql, nativeUuidColumn, readsEnvironment] },
  },
  ...vue.configs['flat/essential'].map((config) => ({
    ...config,
    files: ['apps/h5/**/*.vue', 'apps/console/**/*.vue'],
  })),
  {
    files: ['apps/{h5,console}/**/*.vue'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] } },
    rules: {
      ...everywhere,
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', unused],
      'vue/multi-word-component-names': 'off',
    },
  },
);
