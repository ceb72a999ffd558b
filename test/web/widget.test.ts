import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { openFormOffice } from '../support/forms.ts';

it('the widget script is below 5 kB, contains the settings of its form, and complies with a strict policy', async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'patchbay-widget-'));
  const configFile = fileURLToPath(new URL('../../web/widget/vite.config.ts', import.meta.url));
  await build({ configFile, build: { outDir }, logLevel: 'error' });
  const consent = { text: 'Price: $& «согласен»', version: '2', required: true };
  const office = await openFormOffice(
    { plain: {}, consent: { consent } },
    { settings: { widgetFile: join(outDir, 'widget.js') } },
  );
  const get = (line: string) => fetch(`${office.url}/api/v1/forms/${line}/widget.js`);

  const plain = await get('plain');
  expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(plain.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  const script = await plain.text();
  expect(Buffer.byteLength(script)).toBeLessThan(5000);
  // A strict policy forbids eval, inline styles and markup from texts.
  expect(script).not.toMatch(/eval\(|new Function|innerHTML|\.style\b|__PATCHBAY__/);
  expect(await (await get('consent')).text()).toContain(JSON.stringify(consent));
  expect((await get('nowhere')).status).toBe(404);
  await office.close();
  rmSync(outDir, { recursive: true });
});
