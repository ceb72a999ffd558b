import {
  type MessageTemplate,
  placeholdersOf,
  type TemplateButton,
  type TemplateHeader,
  type TemplateList,
} from '../../domain/outbound/template.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type Fields, fields, id, list, text, word } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { WhatsappApi } from './api.ts';

const pageSize = 100;
/** A business account has at most 6000 templates. */
const maxPages = 60;
/** Milliseconds for which a list is used again. */
const maxAge = 600_000;
const wanted = 'name,status,category,language,parameter_format,components';

/** The approved templates of a WhatsApp Business account, read at most every ten minutes unless somebody wants them fresh. */
export class WhatsappTemplates {
  readonly #api: WhatsappApi;
  readonly #clock: Clock;
  readonly #account: string | undefined;
  #known: TemplateList | null = null;
  #reading: Promise<TemplateList> | null = null;

  constructor(api: WhatsappApi, clock: Clock, account: string | undefined) {
    this.#api = api;
    this.#clock = clock;
    this.#account = account;
  }

  /** The templates. Rejects with a ServiceError. Simultaneous requests share one reading. */
  list(isFresh: boolean, signal: AbortSignal): Promise<TemplateList> {
    const known = this.#known;
    if (!isFresh && known !== null && this.#clock.now() - known.readAt < maxAge) return Promise.resolve(known);
    this.#reading ??= this.#read(signal).finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** Reads the list anew the next time, because the service knows a template otherwise than we do. */
  forget(): void {
    this.#known = null;
  }

  async #read(signal: AbortSignal): Promise<TemplateList> {
    if (this.#account === undefined)
      throw new ServiceError('refused', reason('templatesUnset', { provider: 'WhatsApp' }));
    const found: MessageTemplate[] = [];
    let after: string | null = null;
    for (let page = 0; page < maxPages; page += 1) {
      const query = new URLSearchParams({ fields: wanted, status: 'APPROVED', limit: String(pageSize) });
      if (after !== null) query.set('after', after);
      const answer = await this.#api.ask(`${this.#account}/message_templates?${query}`, { signal });
      found.push(...list(answer.data).flatMap((one) => readTemplate(fields(one)) ?? []));
      const paging = fields(answer.paging);
      after = text(paging.next) === null ? null : text(fields(paging.cursors).after);
      if (after === null) break;
    }
    this.#known = { items: found, readAt: this.#clock.now() };
    return this.#known;
  }
}

/**
 * Reads a template. Null if it is not approved, or has parts that cannot be filled in at the desk, such as carousels, catalogues
 * and one-time passwords.
 */
export function readTemplate(given: Fields): MessageTemplate | null {
  const { status, name: givenName, language: givenLanguage, category, parameter_format } = given;
  const name = word(givenName, 512);
  const language = word(givenLanguage, 16);
  const parts = list(given.components).map(fields);
  const of = (type: string) => parts.find((one) => upper(one.type) === type);
  const body = text(of('BODY')?.text);
  const isKnown = parts.every((one) => /^(HEADER|BODY|FOOTER|BUTTONS)$/.test(upper(one.type)));
  if (upper(status) !== 'APPROVED' || name === null || language === null || body === null || !isKnown) return null;
  const header = of('HEADER') === undefined ? null : readHeader(of('HEADER') ?? {});
  const buttons = list(of('BUTTONS')?.buttons).map((one) => readButton(fields(one)));
  if (header === undefined || !buttons.every((one) => one !== null)) return null;
  const template = {
    name,
    language,
    category: word(category, 64),
    isNamed: upper(parameter_format) === 'NAMED',
    header,
    body: body.slice(0, 4096),
    footer: text(of('FOOTER')?.text)?.slice(0, 1024) ?? null,
    buttons,
  };
  return { ...template, examples: readExamples(template, parts) };
}

/** Undefined: a header of another kind. */
function readHeader({ format, text: words }: Fields): TemplateHeader | undefined {
  const kind = upper(format);
  if (kind === 'TEXT') return { kind: 'text', text: text(words)?.slice(0, 1024) ?? '' };
  if (kind === 'IMAGE') return { kind: 'image' };
  if (kind === 'VIDEO') return { kind: 'video' };
  if (kind === 'DOCUMENT') return { kind: 'document' };
  return kind === 'LOCATION' ? { kind: 'location' } : undefined;
}

function readButton(button: Fields): TemplateButton | null {
  const label = word(button.text, 200);
  const url = word(button.url, 2000);
  const phone = word(button.phone_number, 32);
  const type = upper(button.type);
  if (type === 'URL' && label !== null && url !== null) return { kind: 'url', text: label, url };
  if (type === 'PHONE_NUMBER' && label !== null && phone !== null) return { kind: 'phone', text: label, phone };
  if (type === 'QUICK_REPLY' && label !== null) return { kind: 'reply', text: label };
  return type === 'COPY_CODE' ? { kind: 'code', text: label ?? 'Copy code' } : null;
}

function readExamples(
  { header, body, buttons }: Pick<MessageTemplate, 'header' | 'body' | 'buttons'>,
  parts: readonly Fields[],
): Readonly<Record<string, string>> {
  const exampleOf = (type: string) => fields(parts.find((one) => upper(one.type) === type)?.example);
  const inHeader = exampleOf('HEADER');
  const inBody = exampleOf('BODY');
  const given = list(parts.find((one) => upper(one.type) === 'BUTTONS')?.buttons).map((one) => fields(one).example);
  const pairs = [
    ...namedExamples('header', inHeader.header_text_named_params),
    ...namedExamples('body', inBody.body_text_named_params),
    ...numbered('header', header?.kind === 'text' ? header.text : '', list(inHeader.header_text)),
    ...numbered('body', body, list(list(inBody.body_text)[0])),
    ...buttons.map((_, i) => [`button.${i}`, list(given[i])[0] ?? given[i]] as const),
  ];
  return Object.fromEntries(
    pairs.flatMap(([key, value]) => {
      const shown = word(value, 300);
      return shown === null ? [] : [[key, shown]];
    }),
  );
}

function namedExamples(part: string, given: unknown): readonly (readonly [string, unknown])[] {
  return list(given).map((one) => [`${part}.${id(fields(one).param_name) ?? ''}`, fields(one).example]);
}

function numbered(part: string, words: string, values: readonly unknown[]): readonly (readonly [string, unknown])[] {
  return placeholdersOf(words).map((name, i) => [`${part}.${name}`, values[i]]);
}

/** Newer versions of the API write some words in small letters. */
function upper(value: unknown): string {
  return text(value)?.toUpperCase() ?? '';
}
