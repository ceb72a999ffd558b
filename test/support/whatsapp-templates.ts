import { type Answered, type Asked, json } from './scripted-service.ts';

type Fields = Record<string, unknown>;
type Part = Fields & { type: string; format?: string; text?: string; buttons?: Fields[] };

/** A template as the Cloud API lists it. */
export interface ScriptedTemplate extends Fields {
  readonly name: string;
  readonly language: string;
  readonly status: string;
  readonly parameter_format: 'POSITIONAL' | 'NAMED';
  readonly components: Part[];
}

/** A template with defaults. */
export function scriptedTemplate(
  name: string,
  components: readonly Fields[],
  more: Partial<ScriptedTemplate> = {},
): ScriptedTemplate {
  const own = {
    id: name,
    name,
    language: 'ru',
    status: 'APPROVED',
    category: 'UTILITY',
    parameter_format: 'POSITIONAL',
  };
  return { ...own, components: components as Part[], ...more } as ScriptedTemplate;
}

/** Answers a request for the list, in pages of `pageSize` at most. */
export function listTemplates(all: readonly ScriptedTemplate[], { query }: Asked, pageSize: number): Answered {
  const status = query.get('status');
  const found = all.filter((one) => status === null || one.status === status);
  const limit = Math.min(Number(query.get('limit') ?? 25), pageSize);
  const after = query.get('after');
  const from = after === null ? 0 : Number(/^cursor(\d+)$/.exec(after)?.[1] ?? Number.NaN);
  if (Number.isNaN(from) || !(limit > 0)) return refuse(400, 100, 'Invalid parameter');
  const wanted = query.get('fields')?.split(',') ?? ['id', 'name', 'status'];
  const data = found
    .slice(from, from + limit)
    .map((one) => Object.fromEntries(wanted.filter((field) => field in one).map((field) => [field, one[field]])));
  const next = from + limit < found.length ? { next: 'https://graph.example/next' } : {};
  const cursors = { before: `cursor${from}`, after: `cursor${from + data.length}` };
  return json({ data, paging: { cursors, ...next } });
}

/** What the Cloud API has against a template message; null if nothing. `hasFile`: whether a media id is known. */
export function templateFault(
  all: readonly ScriptedTemplate[],
  given: Fields,
  hasFile: (id: unknown) => boolean,
): Answered | null {
  const language = (given.language as Fields | undefined)?.code;
  const template = all.find((one) => one.name === given.name && one.language === language);
  if (template === undefined || template.status === 'REJECTED')
    return refuse(404, 132001, 'Template name does not exist in the translation');
  if (template.status === 'PAUSED') return refuse(400, 132015, 'Template is paused');
  if (template.status === 'DISABLED') return refuse(400, 132016, 'Template is disabled');
  const sent = (given.components ?? []) as Part[];
  const strange = sent.find(({ type }) => !['header', 'body', 'button'].includes(type));
  if (strange !== undefined) return refuse(400, 100, 'Invalid parameter');
  const isNamed = template.parameter_format === 'NAMED';
  for (const part of template.components) {
    const own = sent.filter(({ type }) => type === part.type.toLowerCase());
    const fault =
      part.type === 'BUTTONS'
        ? buttonFault(part, sent)
        : part.type === 'HEADER' && part.format !== 'TEXT'
          ? mediaFault(String(part.format).toLowerCase(), own, hasFile)
          : textFault(part.type === 'FOOTER' ? '' : (part.text ?? ''), own, isNamed);
    if (fault !== null) return fault;
  }
  return null;
}

function textFault(text: string, sent: readonly Part[], isNamed: boolean): Answered | null {
  const expected = new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name));
  const parameters = (sent[0]?.parameters ?? []) as Fields[];
  if (sent.length > 1 || parameters.length !== expected.size)
    return refuse(400, 132000, 'Number of parameters does not match the expected number of params');
  for (const one of parameters) {
    if (one.type !== 'text')
      return refuse(400, 132012, 'Parameter format does not match format in the created template');
    const value = String(one.text ?? '');
    if (value === '') return refuse(400, 131008, 'Required parameter is missing');
    if (/[\n\t]| {5}/.test(value)) return refuse(400, 132018, 'Param text cannot have new-line/tab characters');
    if (isNamed !== (one.parameter_name !== undefined) || (isNamed && !expected.has(String(one.parameter_name))))
      return refuse(400, 100, 'Parameter name is missing or empty');
  }
  return null;
}

function mediaFault(kind: string, sent: readonly Part[], hasFile: (id: unknown) => boolean): Answered | null {
  const [one, ...more] = (sent[0]?.parameters ?? []) as Fields[];
  if (one === undefined || one.type !== kind || more.length > 0)
    return refuse(400, 132012, 'Parameter format does not match format in the created template');
  const own = (one[kind] ?? {}) as Fields;
  if (kind === 'location')
    return [own.latitude, own.longitude, own.name, own.address].every((part) => typeof part === 'string' && part !== '')
      ? null
      : refuse(400, 131008, 'Required parameter is missing');
  return hasFile(own.id) ? null : refuse(400, 131009, 'Parameter value is not valid');
}

function buttonFault({ buttons = [] }: Part, sent: readonly Part[]): Answered | null {
  const given = sent.filter(({ type }) => type === 'button');
  for (const [i, button] of buttons.entries()) {
    const own = given.find(({ index }) => index === String(i));
    const parameter = ((own?.parameters ?? []) as Fields[])[0];
    if (button.type === 'URL' && String(button.url).includes('{{')) {
      if (own?.sub_type !== 'url' || parameter?.type !== 'text')
        return refuse(400, 131008, 'Required parameter is missing');
    } else if (button.type === 'COPY_CODE') {
      if (own?.sub_type !== 'copy_code' || parameter?.type !== 'coupon_code')
        return refuse(400, 131008, 'Required parameter is missing');
    } else if (own !== undefined && own.sub_type !== 'quick_reply')
      return refuse(400, 132000, 'Number of parameters does not match the expected number of params');
  }
  const isStrange = given.some(({ index }) => buttons[Number(index)] === undefined);
  return isStrange ? refuse(400, 132000, 'Number of parameters does not match the expected number of params') : null;
}

function refuse(status: number, code: number, message: string): Answered {
  return json({ error: { message: `(#${code}) ${message}`, type: 'OAuthException', code, fbtrace_id: 'x' } }, status);
}
