import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { packedFiles } from '../../libs/packing/src/index.mjs';

// `base` carries the hashed assets, so the same index.html works at any path: /A0123…, /01/{gtin}/21/{code}, /h5/wallet.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/h5/',
  plugins: [vue(), packedFiles()],
  resolve: { alias: { '@app/brand': fileURLToPath(new URL('../../libs/brand/src/index.ts', import.meta.url)) } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // WeChat's own web views: XWeb on Android, WKWebView on iOS 14 and later.
    target: ['chrome87', 'safari14'],
    cssTarget: ['chrome87', 'safari14'],
    reportCompressedSize: true,
  },
});
