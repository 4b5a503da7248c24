import { transformSync } from '@swc/core';
import { readFileSync } from 'node:fs';
import Module = require('node:module');
import { join } from 'node:path';
import type { Order } from '../orders';
import { mutated, type Mutant } from './mutant';
import { MUTANTS } from './table';

interface Loaded {
  _compile(code: string, path: string): void;
}
type Loader = (module: Loaded, path: string) => void;

/** Libraries are found from the source's own place, wherever it was built to. */
const LIBRARY = /require\("@app\/([a-z-]+)"\)/g;

/** From here on the named file is loaded with its bug; it must not have been loaded before. */
function install(mutant: Mutant): void {
  const loaders = (Module as unknown as { _extensions: Record<string, Loader> })._extensions;
  const suffix = `/${mutant.file.replace(/\.ts$/, '')}`;
  for (const [extension, load] of Object.entries(loaders)) {
    if (extension !== '.js' && extension !== '.ts') continue;
    loaders[extension] = (module, path) => {
      if (!path.endsWith(`${suffix}${extension}`)) return load(module, path);
      module._compile(compile(mutant, path.slice(0, -`${suffix}${extension}`.length), extension), path);
    };
  }
}

function compile(mutant: Mutant, root: string, extension: string): string {
  const source = mutated(mutant, readFileSync(join(process.cwd(), mutant.file), 'utf8'));
  const { code } = transformSync(source, {
    filename: mutant.file,
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
  });
  return code.replace(
    LIBRARY,
    (_, library: string) => `require(${JSON.stringify(join(root, 'libs', library, 'src', `index${extension}`))})`,
  );
}

const { mutant: wanted } = JSON.parse(process.argv[2] ?? '{}') as Partial<Order>;
if (wanted) {
  const mutant = MUTANTS.find(({ name }) => name === wanted);
  if (!mutant) throw new Error(`there is no mutant ${wanted}`);
  install(mutant);
}
