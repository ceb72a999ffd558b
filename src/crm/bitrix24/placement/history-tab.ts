import type { HookAnswer, HookRequest } from '../../../domain/ports/hooks.ts';
import { fields, list, parseJson, text } from '../../../runtime/http/fields.ts';
import { type Authority, tokenAuthority } from '../api/authority.ts';
import type { Portal } from '../api/portal.ts';
import { type Card, cardText } from '../cards/card.ts';
import { isSame } from '../connect/same-text.ts';
import type { AppConfig } from '../connect/settings.ts';
import { eventKey } from '../connect/state.ts';
import { readForm } from '../events/read-form.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { framed, languageOf, type PageLanguage } from './framed.ts';
import { cardAt, tabAddress } from './places.ts';
import { refusalPage, tabPage } from './tab-page.ts';
import { type Shown, shownBy, tokenFor } from './tab-token.ts';

/** Contacts on one page, and numbers of a card that are tried. */
const pageSize = 30;
const maxPhones = 3;

/** Dependencies of the tab. */
export interface HistoryTabParts {
  readonly app: AppConfig;
  readonly parts: Bitrix24Parts;
  /** Calls the portal in somebody else's name. */
  readonly portalAs: (authority: Authority) => Portal;
}

/** Whether a request to our hook is for the tab. */
export function isForTab({ method, query }: HookRequest): boolean {
  return method === 'POST' && query.page === 'history';
}

/**
 * A tab inside the portal's cards that shows the client's contacts over all channels. The portal's user sees them if the portal
 * shows him the card: it is read with the token that his browser brings. There are no cookies and no scripts.
 */
export class HistoryTab {
  readonly #parts: HistoryTabParts;

  constructor(parts: HistoryTabParts) {
    this.#parts = parts;
  }

  async receive(request: HookRequest): Promise<HookAnswer> {
    const { query, body } = request;
    const { app, parts } = this.#parts;
    const language = languageOf(request);
    const form = readForm(body);
    // The key keeps strangers from making us ask the portal.
    if (form === null || !isSame(query.key ?? '', eventKey(app.clientSecret))) return this.#refusal(language);
    const more = text(form.more);
    const shown = more === null ? await this.#opened(form) : shownBy(more, app.clientSecret, parts.context.clock.now());
    return shown === null ? this.#refusal(language) : this.#page(shown, language);
  }

  /** What the user of the portal may see; null if nothing. */
  async #opened(form: ReturnType<typeof fields>): Promise<Shown | null> {
    const { parts } = this.#parts;
    const card = cardAt(text(form.PLACEMENT) ?? '', parseJson(text(form.PLACEMENT_OPTIONS) ?? ''));
    const auth = text(form.AUTH_ID);
    if (card === null || auth === null) return null;
    try {
      return await this.#contactsOf(card, await this.#read(card, auth));
    } catch (error) {
      parts.context.log.info({ err: error }, 'the portal did not show a card to the user of our tab');
      return null;
    }
  }

  async #read({ kind, id }: Card, auth: string) {
    const { app, parts, portalAs } = this.#parts;
    const portal = portalAs(tokenAuthority(auth, app));
    const options = { signal: parts.context.signal, urgency: 'live' } as const;
    return fields((await portal.call(`crm.${kind}.get`, { id }, options)).result);
  }

  /** The contacts of the card's client, or else of its numbers. */
  async #contactsOf(card: Card, row: ReturnType<typeof fields>): Promise<Shown> {
    const { context } = this.#parts.parts;
    const cursor = null;
    if (card.kind === 'deal') return { deal: cardText(card), cursor };
    const own = { client: `${context.name}:${cardText(card)}`, cursor };
    const phones = list(row.PHONE).flatMap((one) => text(fields(one).VALUE) ?? []);
    for (const shown of [own, ...phones.slice(0, maxPhones).map((phone) => ({ phone, cursor }))])
      if ((await context.history({ ...shown, limit: 1 })).items.length > 0) return shown;
    return own;
  }

  async #page(shown: Shown, language: PageLanguage): Promise<HookAnswer> {
    const { app, parts } = this.#parts;
    const { context } = parts;
    const { items, next } = await context.history({ ...shown, limit: pageSize });
    const address = `${tabAddress(parts)}&LANG=${language}`;
    const token = tokenFor({ ...shown, cursor: next }, app.clientSecret, context.clock.now());
    const more = next === null ? null : { token, address };
    return framed(200, tabPage({ language, timezone: context.timezone, contacts: items, more }), app);
  }

  #refusal(language: PageLanguage): HookAnswer {
    return framed(403, refusalPage(language), this.#parts.app);
  }
}
