import { escapeHtml } from '../../../domain/base/escape-html.ts';
import type { HookAnswer, HookRequest } from '../../../domain/ports/hooks.ts';
import { fields, number, parseJson, text } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import { type Authority, tokenAuthority } from '../api/authority.ts';
import type { Portal } from '../api/portal.ts';
import { isSame } from '../connect/same-text.ts';
import type { AppConfig } from '../connect/settings.ts';
import { readToken, signedToken } from '../connect/signed-token.ts';
import { eventKey } from '../connect/state.ts';
import { readForm } from '../events/read-form.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { framed, languageOf, type PageLanguage, pageIn } from '../placement/framed.ts';
import { type Channel, channelsOf, chooseLine, connectedChannels } from './channels.ts';
import { channelPage, connectChannel, disconnectChannel } from './registration.ts';

/** How long the buttons of a page work, in milliseconds. */
const lifetime = 30 * 60_000;
const purpose = 'channel';

const words = {
  ru: {
    refused: 'Нет доступа. Каналы подключает администратор портала.',
    failed: 'Портал не выполнил действие. Повторите позже.',
    takes: 'Открытая линия {line} принимает канал «{channel}».',
    other: 'Канал «{channel}» принимает открытая линия {other}. У канала может быть только одна.',
    none: 'Канал «{channel}» не подключён.',
    isSet: 'Так задано в настройке openLines программы Patchbay.',
    connect: 'Подключить к линии {line}',
    disconnect: 'Отключить',
  },
  en: {
    refused: 'Access denied. An administrator of the portal connects channels.',
    failed: 'The portal did not do it. Try again later.',
    takes: 'Open line {line} takes the channel “{channel}”.',
    other: 'Open line {other} takes the channel “{channel}”. A channel can have only one.',
    none: 'The channel “{channel}” is not connected.',
    isSet: 'This is set by openLines in the configuration of Patchbay.',
    connect: 'Connect to line {line}',
    disconnect: 'Disconnect',
  },
} as const;

/** Dependencies of the page. */
export interface ChannelPageParts {
  readonly app: AppConfig;
  readonly parts: Bitrix24Parts;
  /** Calls the portal in somebody else's name. */
  readonly portalAs: (authority: Authority) => Portal;
}

/** What a page is about. */
interface Place {
  readonly channel: Channel;
  readonly line: number;
}

/** Whether a request to our hook is for the page. */
export function isForChannel({ method, query }: HookRequest): boolean {
  return method === 'POST' && query.page === 'channel';
}

/** The settings of one of our channels inside the portal: an administrator connects it to the open line that is open. */
export class ChannelPage {
  readonly #parts: ChannelPageParts;

  constructor(parts: ChannelPageParts) {
    this.#parts = parts;
  }

  async receive(request: HookRequest): Promise<HookAnswer> {
    const { app, parts } = this.#parts;
    const language = languageOf(request);
    const form = readForm(request.body);
    const said = words[language];
    // The key keeps strangers from making us ask the portal.
    if (form === null || !isSame(request.query.key ?? '', eventKey(app.clientSecret)))
      return this.#say(403, said.refused, language);
    try {
      const token = text(form.token);
      const place = token === null ? await this.#opened(form) : this.#placeIn(token);
      if (place === null) return this.#say(403, said.refused, language);
      if (token !== null) await this.#act(text(form.act), place);
      return framed(200, await this.#page(place, language), app);
    } catch (error) {
      parts.context.log.warn({ err: asServiceError(error) }, 'could not connect a channel to an open line');
      return this.#say(503, said.failed, language);
    }
  }

  /** The channel and open line that an administrator has opened; null for anybody else. */
  async #opened(form: ReturnType<typeof fields>): Promise<Place | null> {
    const { app, parts, portalAs } = this.#parts;
    const auth = text(form.AUTH_ID);
    const options = fields(parseJson(text(form.PLACEMENT_OPTIONS) ?? ''));
    const line = number(options.LINE);
    const channel = channelsOf(parts).find(({ connector }) => connector === text(options.CONNECTOR));
    if (auth === null || line === null || channel === undefined) return null;
    const portal = portalAs(tokenAuthority(auth, app));
    const { ADMIN } = fields((await portal.call('profile', {}, this.#options)).result);
    return ADMIN === true || ADMIN === 'Y' ? { channel, line } : null;
  }

  #placeIn(token: string): Place | null {
    const { app, parts } = this.#parts;
    const content = readToken(purpose, token, app.clientSecret, parts.context.clock.now());
    const channel = channelsOf(parts).find(({ key }) => key === content?.key);
    const line = number(content?.line);
    return channel === undefined || line === null ? null : { channel, line };
  }

  async #act(act: string | null, { channel, line }: Place): Promise<void> {
    const { parts } = this.#parts;
    const { signal } = this.#options;
    const current = await this.#current(channel);
    if (current?.isSet === true) return;
    if (act === 'disconnect' && current !== null) {
      await disconnectChannel(channel, current.line, parts, signal);
      await chooseLine(channel.key, null, parts);
    }
    if (act !== 'connect') return;
    if (current !== null && current.line !== line) await disconnectChannel(channel, current.line, parts, signal);
    await chooseLine(channel.key, line, parts);
    await connectChannel(channel, line, parts, signal);
  }

  async #page({ channel, line }: Place, language: PageLanguage): Promise<string> {
    const { app, parts } = this.#parts;
    const said = words[language];
    const current = await this.#current(channel);
    const fill = (phrase: string) =>
      escapeHtml(
        phrase
          .replace('{channel}', () => channel.label)
          .replace('{line}', String(line))
          .replace('{other}', String(current?.line ?? '')),
      );
    const state = current === null ? said.none : current.line === line ? said.takes : said.other;
    if (current?.isSet === true) return pageIn(language, `<p>${fill(state)}</p><p>${fill(said.isSet)}</p>`);
    const until = parts.context.clock.now() + lifetime;
    const token = signedToken(purpose, { key: channel.key, line }, until, app.clientSecret);
    const [act, label] =
      current?.line === line ? (['disconnect', said.disconnect] as const) : (['connect', said.connect] as const);
    const address = `${channelPage(parts)}&LANG=${language}`;
    return pageIn(
      language,
      `<p>${fill(state)}</p><form method="post" action="${escapeHtml(address)}"><input type="hidden" name="token" value="${escapeHtml(token)}">
<button name="act" value="${act}">${fill(label)}</button></form>`,
    );
  }

  async #current(channel: Channel) {
    const connected = await connectedChannels(this.#parts.parts);
    return connected.find(({ key }) => key === channel.key) ?? null;
  }

  get #options() {
    return { signal: this.#parts.parts.context.signal, urgency: 'live' } as const;
  }

  #say(status: number, text: string, language: PageLanguage): HookAnswer {
    return framed(status, pageIn(language, `<p>${escapeHtml(text)}</p>`), this.#parts.app);
  }
}
