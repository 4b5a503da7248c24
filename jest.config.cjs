const { readdirSync } = require('node:fs');

// One mapper per library door: the same table as tsconfig `paths`, which has no deep entries on purpose.
const doors = Object.fromEntries(
  readdirSync(`${__dirname}/libs`).map((lib) => [`^@app/${lib}$`, `<rootDir>/libs/${lib}/src/index.ts`]),
);

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testTimeout: 30_000,
  testRegex: '(libs|apps/(api|worker|wechat-sandbox|rehearsal|h5|console))/.*spec\\.ts$',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
  transform: {
    '^.+\\.(t|m?j)s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // ESM-only packages that Jest must compile itself on Node 20.
  transformIgnorePatterns: [
    '/node_modules/(?!(?:.*/node_modules/)?(?:@nestjs|content-disposition|cookie|file-type|@noble|gcoord|flatbush|flatqueue)/)',
  ],
  moduleNameMapper: doors,
};
