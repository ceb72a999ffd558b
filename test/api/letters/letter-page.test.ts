import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenBody } from '../../../src/domain/written/written-contact.ts';
import { FileBlobs } from '../../../src/store/blobs/file-blobs.ts';
import { type Office, openOffice } from '../../support/office.ts';
import { letter } from '../../support/written.ts';

describe('a letter in its frame on the desk', () => {
  let office: Office;
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-letters-'));
  const blobs = new FileBlobs(folder);
  beforeAll(async () => {
    office = await openOffice({ blobs });
  });
  afterAll(async () => {
    await office.close();
    await rm(folder, { recursive: true });
  });

  const keep = async (content: string) => (await blobs.put(Readable.from([Buffer.from(content)]), 1e6)).id;
  let letters = 0;
  async function page(content: string, more: Partial<WrittenBody> = {}, query = '') {
    const body = { mime: 'text/html', quotedAt: null, remoteImages: false, inline: [], ...more } as const;
    letters += 1;
    await office.intake.emit(letter(`letter ${letters}`, { body: { ...body, blob: await keep(content) } }));
    const [kept] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    const answer = await office.call('GET', `${new URL(kept?.html?.url ?? '').pathname}${query}`);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  it('runs nothing, loads nothing and has no origin, by its own policy', async () => {
    const { status, headers, text } = await page(
      '<p onclick="x">Hello<script>x</script><img src="https://t.example/a">',
    );
    expect(status).toBe(200);
    expect(text).toContain('<p>Hello<img /></p></body>');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; img-src data:; style-src-elem 'sha256-\S+'; style-src-attr 'unsafe-inline'/,
    );
    expect(policy).toContain('sandbox allow-popups allow-popups-to-escape-sandbox');
    expect(policy).not.toMatch(/allow-(scripts|same-origin|forms|top)/);
    expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
      'private, no-store',
      'no-referrer',
    ]);
  });

  it('shows remote images on request', async () => {
    const { headers, text } = await page('<img src="https://t.example/a">', {}, '?images=1');
    expect(text).toContain('<img src="https://t.example/a" />');
    expect(headers.get('content-security-policy')).toContain('img-src data: https: http:;');
  });

  it('includes the images that came with it', async () => {
    const inline = [{ contentId: 'logo@x', blob: await keep('picture'), mime: 'image/png' }];
    const { text } = await page('<img src="cid:logo@x"><img src="cid:other@x">', { inline });
    expect(text).toContain(`<img src="data:image/png;base64,${Buffer.from('picture').toString('base64')}" /><img />`);
  });

  it('collapses quoted text, with labels in both languages', async () => {
    const whole = '<div><b>Yes<div class="gmail_quote">Ten?</div></div>';
    const quotedAt = whole.indexOf('<div class');
    expect((await page(whole, { quotedAt })).text).toContain(
      '<div><b>Yes</b></div><details><summary>Показать цитату</summary><div>Ten?</div></details></body>',
    );
    expect((await page(whole, { quotedAt }, '?lang=en')).text).toContain('<summary>Show quoted text</summary>');
  });

  it('shows plain text unchanged', async () => {
    const { text } = await page('Yes <b>\n\n> Ten?', { mime: 'text/plain', quotedAt: 9 });
    expect(text).toContain('<pre class="plain">Yes &lt;b&gt;\n\n</pre><details>');
  });

  it('follows the dark theme of the desk, unless it has colours of its own', async () => {
    expect((await page('<p>a', {}, '?theme=dark')).text).toContain('<html lang="ru" class="dark">');
    expect((await page('<p style="color:#000">a', {}, '?theme=dark')).text).toContain('<html lang="ru">');
  });

  it('requires a login and an existing letter', async () => {
    await office.intake.emit(letter('plain'));
    const [plain] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    const path = `/api/v1/interactions/${plain?.id}/html`;
    expect((await office.call('GET', path)).status).toBe(404);
    expect((await office.call('GET', '/api/v1/interactions/1/html')).status).toBe(404);
    expect((await office.call('GET', `${path}?images=yes`)).status).toBe(422);
    expect((await fetch(`${office.url}${path}`)).status).toBe(401);
  });
});
