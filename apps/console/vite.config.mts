import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import components from 'unplugin-vue-components/vite';
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import { defineConfig } from 'vite';
import { packedFiles } from '../../libs/packing/src/index.mjs';
import { maps } from './maps.mts';

const MOST_PAGES = 20;
const PACKAGES_BUT_CHARTS = /node_modules\/(?!echarts|zrender|vue-echarts)/;
const OWN_FILES = /apps\/console\/src\/|plugin-vue/;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/console/',
  // Element Plus component by component: a page loads what it shows.
  plugins: [vue(), components({ dts: false, dirs: [], resolvers: [ElementPlusResolver()] }), maps(), packedFiles()],
  resolve: {
    alias: {
      '@app/api-client': here('../../libs/api-client/src/index.ts'),
      '@app/brand': here('../../libs/brand/src/index.ts'),
    },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    rolldownOptions: {
      input: { console: here('index.html'), tour: here('tour.html') },
      // What most pages share is fetched once in one piece: half the requests of the first page for a tenth more bytes.
      output: {
        codeSplitting: {
          groups: [
            { name: 'element', test: PACKAGES_BUT_CHARTS, minShareCount: MOST_PAGES },
            { name: 'kit', test: OWN_FILES, minShareCount: MOST_PAGES },
          ],
        },
      },
    },
    target: ['chrome100', 'safari15', 'firefox100'],
    reportCompressedSize: true,
    chunkSizeWarningLimit: 900,
  },
});
