import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import components from 'unplugin-vue-components/vite';
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import { defineConfig } from 'vite';
import { packedFiles } from '../local/packed-files.mjs';
import { maps } from './maps.mts';

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
    rollupOptions: { input: { console: here('index.html'), tour: here('tour.html') } },
    target: ['chrome100', 'safari15', 'firefox100'],
    reportCompressedSize: true,
    chunkSizeWarningLimit: 900,
  },
});
