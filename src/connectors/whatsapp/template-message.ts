import type { FilledTemplate, NamedValue } from '../../domain/outbound/template.ts';

/** An uploaded file. */
export interface UploadedFile {
  readonly id: unknown;
  readonly name: string;
}

/**
 * The `template` of a message, with a component for everything that is filled in
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components).
 */
export function templateOf(filled: FilledTemplate, file: UploadedFile | null): object {
  const { name, language, isNamed, bodyValues, buttonValues } = filled;
  const header = headerOf(filled, file);
  const components = [
    ...(header === null ? [] : [{ type: 'header', parameters: header }]),
    ...(bodyValues.length === 0 ? [] : [{ type: 'body', parameters: textsOf(bodyValues, isNamed) }]),
    ...buttonValues.map(({ index, kind, value }) => ({
      type: 'button',
      sub_type: kind === 'url' ? 'url' : 'copy_code',
      index: String(index),
      parameters: [kind === 'url' ? { type: 'text', text: value } : { type: 'coupon_code', coupon_code: value }],
    })),
  ];
  return { name, language: { code: language }, ...(components.length > 0 && { components }) };
}

function headerOf({ header, headerValues, isNamed }: FilledTemplate, file: UploadedFile | null): object[] | null {
  if (header === null) return null;
  if (header === 'text') return textsOf(headerValues, isNamed);
  if (header === 'location')
    return [{ type: header, location: Object.fromEntries(headerValues.map(({ name, value }) => [name, value])) }];
  const media = { id: file?.id, ...(header === 'document' && { filename: file?.name }) };
  return [{ type: header, [header]: media }];
}

function textsOf(values: readonly NamedValue[], isNamed: boolean): object[] {
  return values.map(({ name, value }) => ({ type: 'text', ...(isNamed && { parameter_name: name }), text: value }));
}
