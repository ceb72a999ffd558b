import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// No inline scripts and nothing from other origins: the Content-Security-Policy is strict.
export default defineConfig({
  root: here('.'),
  plugins: [preact()],
  build: { outDir: here('../dist/web'), emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
});
