/** The top of a template: words, a file, or a place on the map. */
export type TemplateHeader =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image' | 'video' | 'document' }
  | { readonly kind: 'location' };

/** A button of a template. The address of `url` may end with a placeholder; `code` copies a code that the sender gives. */
export type TemplateButton =
  | { readonly kind: 'url'; readonly text: string; readonly url: string }
  | { readonly kind: 'phone'; readonly text: string; readonly phone: string }
  | { readonly kind: 'reply'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string };

/** A message template that the service has approved, in one language. Texts have placeholders such as `{{1}}` or `{{name}}`. */
export interface MessageTemplate {
  readonly name: string;
  /** As the service writes it: `ru`, `en_US`. */
  readonly language: string;
  /** As the service writes it: `UTILITY`, `MARKETING`. */
  readonly category: string | null;
  /** Whether its placeholders have names instead of numbers. */
  readonly isNamed: boolean;
  readonly header: TemplateHeader | null;
  readonly body: string;
  readonly footer: string | null;
  readonly buttons: readonly TemplateButton[];
  /** Sample values by the ids of fields. */
  readonly examples: Readonly<Record<string, string>>;
}

/** The templates of a connection, and when they were read from the service, in milliseconds since the epoch. */
export interface TemplateList {
  readonly items: readonly MessageTemplate[];
  readonly readAt: number;
}

/** Something to fill in before a template can be sent. */
export interface TemplateField {
  /** `header.NAME`, `body.NAME`, `button.INDEX`, or `location.latitude` and so on. */
  readonly id: string;
  readonly part: 'header' | 'location' | 'body' | 'button';
  /** The name or number of the placeholder; of a button, its text. */
  readonly name: string;
  readonly example: string | null;
}

/** A template with the values that it is sent with. */
export interface FilledTemplate {
  readonly name: string;
  readonly language: string;
  readonly isNamed: boolean;
  /** The kind of the header, if it takes anything: a text with a placeholder, the message's file, or a place. */
  readonly header: 'text' | 'image' | 'video' | 'document' | 'location' | null;
  readonly headerValues: readonly NamedValue[];
  readonly bodyValues: readonly NamedValue[];
  readonly buttonValues: readonly {
    readonly index: number;
    readonly kind: 'url' | 'code';
    readonly value: string;
  }[];
}

/** A value and its placeholder. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** The parts of a place. All of them are required. */
export const placeNames = ['latitude', 'longitude', 'name', 'address'] as const;

const placeholder = /\{\{(\w{1,64})\}\}/g;

/** The placeholders of a text, each once: names in their order, numbers by value. */
export function placeholdersOf(text: string): readonly string[] {
  const names = [...new Set([...text.matchAll(placeholder)].map(([, name = '']) => name))];
  return names.every((name) => /^\d+$/.test(name)) ? names.sort((a, b) => Number(a) - Number(b)) : names;
}

/** Everything to fill in, in the order of the message. */
export function fieldsOf({ header, body, buttons, examples }: MessageTemplate): readonly TemplateField[] {
  const field = (part: TemplateField['part'], key: string | number, name: string): TemplateField => {
    const id = `${part}.${key}`;
    return { id, part, name, example: examples[id] ?? null };
  };
  const inHeader = header?.kind === 'text' ? placeholdersOf(header.text) : [];
  const inPlace = header?.kind === 'location' ? placeNames : [];
  return [
    ...inHeader.map((name) => field('header', name, name)),
    ...inPlace.map((name) => field('location', name, name)),
    ...placeholdersOf(body).map((name) => field('body', name, name)),
    ...buttons.flatMap((button, i) => (takesValue(button) ? [field('button', i, button.text)] : [])),
  ];
}

/** Whether a value has to be given for a button. */
export function takesValue(button: TemplateButton): button is Extract<TemplateButton, { kind: 'url' | 'code' }> {
  return button.kind === 'code' || (button.kind === 'url' && placeholdersOf(button.url).length > 0);
}

/** A text with its placeholders filled in. `gap` stands for a value that is missing. */
export function filledText(
  text: string,
  part: 'header' | 'body',
  values: Readonly<Record<string, string>>,
  gap: (name: string) => string,
): string {
  return text.replace(placeholder, (_, name: string) => values[`${part}.${name}`] || gap(name));
}

/** A template as the client sees it. */
export interface ShownTemplate {
  readonly header: string | null;
  readonly body: string;
  readonly footer: string | null;
  /** The texts of the buttons, and where they lead. */
  readonly buttons: readonly { readonly text: string; readonly target: string | null }[];
}

/** What the client sees of a template. `gap` stands for a value that is missing. */
export function shownTemplate(
  { header, body, footer, buttons }: MessageTemplate,
  values: Readonly<Record<string, string>>,
  gap: (name: string) => string = (name) => `{{${name}}}`,
): ShownTemplate {
  const buttonValue = (i: number, name: string) => values[`button.${i}`] || gap(name);
  const target = (button: TemplateButton, i: number) => {
    if (button.kind === 'url') return button.url.replace(placeholder, (_, name: string) => buttonValue(i, name));
    if (button.kind === 'phone') return button.phone;
    return button.kind === 'code' ? buttonValue(i, button.text) : null;
  };
  return {
    header: header === null ? null : headerText(header, values, gap),
    body: filledText(body, 'body', values, gap),
    footer,
    buttons: buttons.map((button, i) => ({ text: button.text, target: target(button, i) })),
  };
}

function headerText(
  header: TemplateHeader,
  values: Readonly<Record<string, string>>,
  gap: (name: string) => string,
): string | null {
  if (header.kind === 'text') return filledText(header.text, 'header', values, gap);
  if (header.kind !== 'location') return null;
  const [latitude, longitude, name, address] = placeNames.map((one) => values[`location.${one}`] || gap(one));
  return joinedText([name, address, `geo:${latitude},${longitude}`], '\n');
}

/** The words of a filled-in template, as the history keeps them. */
export function templateText(template: MessageTemplate, values: Readonly<Record<string, string>>): string {
  const { header, body, footer, buttons } = shownTemplate(template, values);
  const lines = buttons.map(({ text, target }) => (target === null ? `[${text}]` : `[${text}] ${target}`));
  return joinedText([header, body, footer, joinedText(lines, '\n')], '\n\n');
}

function joinedText(parts: readonly (string | null | undefined)[], separator: string): string {
  return parts.filter((part) => part != null && part !== '').join(separator);
}
