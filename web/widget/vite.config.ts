import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// One classic script, which any site includes by one tag. The gateway replaces __PATCHBAY__ when it serves the script.
export default defineConfig({
  root: here('.'),
  build: {
    outDir: here('../../dist/widget'),
    emptyOutDir: true,
    target: 'es2022',
    lib: { entry: here('widget.ts'), formats: ['iife'], name: 'patchbay', fileName: () => 'widget.js' },
  },
});
