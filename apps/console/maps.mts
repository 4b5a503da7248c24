import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** First two digits of the adcode by file of the echarts 4 maps (Apache-2.0). Replace the files where an approved map is required. */
const PROVINCES: Readonly<Record<string, number>> = {
  ...{
    anhui: 34,
    aomen: 82,
    beijing: 11,
    chongqing: 50,
    fujian: 35,
    gansu: 62,
    guangdong: 44,
    guangxi: 45,
    guizhou: 52,
  },
  ...{ hainan: 46, hebei: 13, heilongjiang: 23, henan: 41, hubei: 42, hunan: 43, jiangsu: 32, jiangxi: 36, jilin: 22 },
  ...{ liaoning: 21, neimenggu: 15, ningxia: 64, qinghai: 63, shandong: 37, shanghai: 31, shanxi: 14, shanxi1: 61 },
  ...{ sichuan: 51, taiwan: 71, tianjin: 12, xianggang: 81, xinjiang: 65, xizang: 54, yunnan: 53, zhejiang: 33 },
};

/** `maps/china.json` and `maps/<province adcode>.json` beside the built page: loaded when somebody looks at a map. */
export function maps(): Plugin {
  const folder = join(dirname(createRequire(import.meta.url).resolve('echarts4/package.json')), 'map/json');
  const files = new Map([
    ['china', join(folder, 'china.json')],
    ...Object.entries(PROVINCES).map(([name, two]): [string, string] => [
      String(two * 10_000),
      join(folder, 'province', `${name}.json`),
    ]),
  ]);
  return {
    name: 'yima-maps',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = /\/assets\/maps\/(\w+)\.json$/.exec(request.url ?? '')?.[1];
        const file = name === undefined ? undefined : files.get(name);
        if (file === undefined) return next();
        response.setHeader('content-type', 'application/json');
        response.end(readFileSync(file));
      });
    },
    generateBundle() {
      for (const [name, file] of files) {
        this.emitFile({ type: 'asset', fileName: `assets/maps/${name}.json`, source: readFileSync(file) });
      }
    },
  };
}
