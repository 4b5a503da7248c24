import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

const TEXT = /\.(?:js|css|svg|json)$/;
/** What fits into one packet is not worth a second file. */
const LEAST_BYTES = 1_000;
/** One below the best: three times as fast for a hundredth more bytes. */
const QUALITY = 10;

/**
 * Lays a `.br` and a `.gz` beside every text under `assets/` of a build: the server hands them out as they are.
 *
 * @returns {import('vite').Plugin}
 */
export function packedFiles() {
  let folder = '';
  return {
    name: 'yima-packed-files',
    apply: 'build',
    configResolved({ root, build }) {
      folder = join(root, build.outDir, build.assetsDir);
    },
    async closeBundle() {
      const names = await readdir(folder, { recursive: true });
      await Promise.all(names.filter((name) => TEXT.test(name)).map((name) => pack(join(folder, name))));
    },
  };
}

async function pack(file) {
  if ((await stat(file)).size < LEAST_BYTES) return;
  const text = await readFile(file);
  const smallest = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  };
  const packed = await Promise.all([brotli(text, smallest), zip(text, { level: constants.Z_BEST_COMPRESSION })]);
  await writeFile(`${file}.br`, packed[0]);
  await writeFile(`${file}.gz`, packed[1]);
}
