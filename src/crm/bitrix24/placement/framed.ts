import type { HookAnswer, HookRequest } from '../../../domain/ports/hooks.ts';
import type { AppConfig } from '../connect/settings.ts';

/** The languages of our pages inside the portal. */
export type PageLanguage = 'ru' | 'en';

/** The language that the portal asks for. */
export function languageOf({ query }: Pick<HookRequest, 'query'>): PageLanguage {
  return query.LANG === undefined || query.LANG === 'ru' ? 'ru' : 'en';
}

/** A page that only the portal may frame. It has no scripts and no cookies. */
export function framed(status: number, body: string, { portal }: Pick<AppConfig, 'portal'>): HookAnswer {
  const { origin } = new URL(portal);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors ${origin}`;
  const headers = {
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  };
  return { status, type: 'text/html; charset=utf-8', body, headers };
}

/** A whole page around some HTML. */
export function pageIn(language: PageLanguage, content: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>Patchbay</title>
<style>${style}</style></head><body>${content}</body></html>`;
}

const style = `body{font:14px system-ui,sans-serif;margin:16px;color:#222}ul{list-style:none;margin:0;padding:0}
li{padding:8px 0;border-bottom:1px solid #ddd}p{margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere}small,time{color:#555}`;
