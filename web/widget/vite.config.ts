import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// One script without a module's ways: it is put on any site by one tag. The gateway fills __PATCHBAY__ in when it is asked for.
export default defineConfig({
  root: here('.'),
  build: {
    outDir: here('../../dist/widget'),
    emptyOutDir: true,
    target: 'es2022',
    lib: { entry: here('widget.ts'), formats: ['iife'], name: 'patchbay', fileName: () => 'widget.js' },
  },
});
