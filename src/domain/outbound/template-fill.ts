import {
  type FilledTemplate,
  fieldsOf,
  type MessageTemplate,
  type NamedValue,
  shownTemplate,
  type TemplateField,
  takesValue,
  templateText,
} from './template.ts';

/** What is wrong with a value or the file of a template. */
export type TemplateFaultCode = keyof typeof templateFaults;

/** What is wrong, in English. */
export const templateFaults = {
  missing: 'a value is missing',
  unknown: 'the template has no such field',
  lineBreak: 'line breaks and tabs are not allowed in values',
  spaces: 'more than four spaces in a row are not allowed in values',
  tooLong: 'the value is too long for the template',
  notCoordinate: 'not a coordinate',
  notAddress: 'the end of a link may not contain spaces',
  fileMissing: 'the template needs exactly one file',
  fileKind: 'the file is not of the kind that the template needs',
  fileTooLarge: 'the file is too large for the template',
  fileExtra: 'the template takes no file',
} as const;

/** A fault and the id of the field; `file` for the file. */
export interface TemplateFault {
  readonly field: string;
  readonly code: TemplateFaultCode;
}

const maxHeader = 60;
const maxBody = 1024;
const maxCode = 20;
const maxUrl = 2000;

const megabyte = 1024 * 1024;
/** The files that headers take (https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media). */
const files = {
  image: { mime: /^image\/(jpeg|png)$/, bytes: 5 * megabyte },
  video: { mime: /^video\/(mp4|3gpp)$/, bytes: 16 * megabyte },
  document: { mime: /./, bytes: 100 * megabyte },
} as const;

type Values = Readonly<Record<string, string>>;
type File = { readonly mime: string; readonly bytes: number };

/** Everything that would make the service refuse the template with these values. */
export function faultsOf(template: MessageTemplate, values: Values, given: readonly File[]): readonly TemplateFault[] {
  const fields = fieldsOf(template);
  const known = new Set(fields.map(({ id }) => id));
  const unknown = Object.keys(values).filter((id) => !known.has(id));
  const wrong = fields.flatMap((field) => {
    const code = faultOf(field, values[field.id] ?? '', template);
    return code === null ? [] : [{ field: field.id, code }];
  });
  const file = fileFault(template, given);
  return [
    ...unknown.map((field) => ({ field, code: 'unknown' }) as const),
    ...wrong,
    ...(wrong.length === 0 ? lengthFaults(template, values) : []),
    ...(file === null ? [] : [{ field: 'file', code: file }]),
  ];
}

function faultOf(
  { id, part, name }: TemplateField,
  value: string,
  template: MessageTemplate,
): TemplateFaultCode | null {
  if (value.trim() === '') return 'missing';
  if (/[\n\r\t]/.test(value)) return 'lineBreak';
  if (value.includes('     ')) return 'spaces';
  if (part === 'location') return placeFault(name, value);
  if (part !== 'button') return null;
  const button = template.buttons[Number(id.slice('button.'.length))];
  if (button?.kind === 'code') return value.length > maxCode ? 'tooLong' : null;
  if (/\s/.test(value)) return 'notAddress';
  return value.length > maxUrl ? 'tooLong' : null;
}

function placeFault(name: string, value: string): TemplateFaultCode | null {
  const furthest = name === 'latitude' ? 90 : name === 'longitude' ? 180 : null;
  if (furthest === null) return value.length > maxBody ? 'tooLong' : null;
  return /^-?\d{1,3}(\.\d{1,12})?$/.test(value) && Math.abs(Number(value)) <= furthest ? null : 'notCoordinate';
}

/** The whole text counts, so the fault is reported at the longest value. */
function lengthFaults(template: MessageTemplate, values: Values): readonly TemplateFault[] {
  const { header, body } = shownTemplate(template, values);
  const long = [
    ...(template.header?.kind === 'text' && (header ?? '').length > maxHeader ? ['header'] : []),
    ...(body.length > maxBody ? ['body'] : []),
  ];
  return long.flatMap((part) => {
    const own = fieldsOf(template).filter((field) => field.part === part);
    const [longest] = own.sort((a, b) => (values[b.id] ?? '').length - (values[a.id] ?? '').length);
    return longest === undefined ? [] : [{ field: longest.id, code: 'tooLong' }];
  });
}

function fileFault({ header }: MessageTemplate, given: readonly File[]): TemplateFaultCode | null {
  const kind = header?.kind;
  if (kind !== 'image' && kind !== 'video' && kind !== 'document') return given.length > 0 ? 'fileExtra' : null;
  const [file, ...others] = given;
  if (file === undefined || others.length > 0) return 'fileMissing';
  if (!files[kind].mime.test(file.mime)) return 'fileKind';
  return file.bytes > files[kind].bytes ? 'fileTooLarge' : null;
}

/** The types of files that the header takes, for a file field; null if it takes none. */
export function fileTypes({ header }: MessageTemplate): string | null {
  if (header?.kind === 'image') return 'image/jpeg,image/png';
  if (header?.kind === 'video') return 'video/mp4,video/3gpp';
  return header?.kind === 'document' ? '*/*' : null;
}

/** The template with values that have no faults, and its words. */
export function fillTemplate(
  template: MessageTemplate,
  values: Values,
): { readonly filled: FilledTemplate; readonly text: string } {
  const { name, language, isNamed, header, buttons } = template;
  const fields = fieldsOf(template);
  const of = (...parts: readonly TemplateField['part'][]): readonly NamedValue[] =>
    fields.filter(({ part }) => parts.includes(part)).map((one) => ({ name: one.name, value: values[one.id] ?? '' }));
  const headerValues = of('header', 'location');
  const filled = {
    name,
    language,
    isNamed,
    header: header?.kind === 'text' && headerValues.length === 0 ? null : (header?.kind ?? null),
    headerValues,
    bodyValues: of('body'),
    buttonValues: buttons.flatMap((button, index) =>
      takesValue(button) ? [{ index, kind: button.kind, value: values[`button.${index}`] ?? '' }] : [],
    ),
  };
  return { filled, text: templateText(template, values) };
}
