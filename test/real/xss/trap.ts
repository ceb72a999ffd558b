import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext } from 'playwright-core';
import { safeHtml } from '../../../src/api/letters/safe-html.ts';
import type { Vector } from './vector.ts';

/** A server that letters must not reach. It also serves the letters without the desk: `raw` as received, or `safe`, sanitised only. */
export interface Trap {
  readonly url: string;
  /** Numbers of the letters that fetched something. */
  readonly fetched: Set<number>;
  /** Starts over: later fetches by earlier pages no longer count. */
  renew(): void;
  /** The statement that letter `i` tries to run and the URL it tries to fetch. */
  aims(i: number): readonly [run: string, url: string];
  close(): Promise<void>;
}

/** Triggers by script the events that a reader's mouse would cause, on each element of a letter. */
const poke = `<script>
  addEventListener('load', () => {
    for (const element of document.querySelectorAll('body *')) {
      for (const type of ['click', 'mouseover', 'wheel', 'pointerenter', 'pointerover', 'scroll'])
        if (type !== 'click' || /^javascript:/i.test(element.href ?? '') || element.onclick) element.dispatchEvent(new MouseEvent(type));
      if (/^javascript:/i.test(element.href ?? '')) element.click();
    }
  });
</script>`;

/** Opens it. */
export async function openTrap(vectors: readonly Vector[]): Promise<Trap> {
  const fetched = new Set<number>();
  let round = 0;
  const server = createServer((request, response) => {
    const [, kind = '', which = ''] = /^\/(\w+)\/(\w+)/.exec(request.url ?? '') ?? [];
    if (kind === 'all') {
      const frames = vectors.map((_, n) => `<iframe src="/${which}/${n}"></iframe>`).join('');
      return response.setHeader('content-type', 'text/html').end(`<!doctype html>${frames}`);
    }
    const i = Number.parseInt(which, 10);
    const vector = vectors[i];
    if (kind === `fetched${round}`) fetched.add(i);
    if (vector === undefined || kind.startsWith('fetched')) return response.writeHead(204).end();
    const html = vector.html(...aims(i));
    const shown = kind === 'safe' ? safeHtml(html, { inline: new Map(), remote: false }) : html;
    response.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html><body>${poke}${shown}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const aims = (i: number) => [`console.log(/RAN:${i}:/)`, `${url}/fetched${round}/${i}`] as const;
  return {
    url,
    fetched,
    renew() {
      round += 1;
      fetched.clear();
    },
    aims,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What the pages of a browser did: the letters that executed, and the requested addresses. */
export interface Watched {
  readonly ran: Set<number>;
  readonly asked: Set<string>;
  /** Opened windows and dialogs. */
  readonly opened: string[];
}

/** Watches all frames of a browser's pages. */
export function watch(context: BrowserContext): Watched {
  const watched: Watched = { ran: new Set(), asked: new Set(), opened: [] };
  context.on('request', (request) => watched.asked.add(request.url()));
  context.on('console', (message) => {
    const ran = /^\/RAN:(\d+):\/$/.exec(message.text());
    if (ran !== null) watched.ran.add(Number(ran[1]));
  });
  context.on('dialog', (dialog) => {
    watched.opened.push(dialog.message());
    void dialog.dismiss();
  });
  context.on('page', (page) => page.on('popup', (popup) => watched.opened.push(popup.url())));
  return watched;
}
