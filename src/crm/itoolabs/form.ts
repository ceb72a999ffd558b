/** Fields of a request; those that are null are left out. */
export type FormFields = Readonly<Record<string, string | null>>;

/** Look-alikes of the signs at which a body is split. */
const lookAlikes: Readonly<Record<string, string>> = { '&': '＆', '=': '＝', '"': '”' };

/**
 * The body of a request. УНФ decodes a body before it splits it, takes a plus for a plus, and what follows a quote for
 * quoted. So texts get look-alikes of these signs, and addresses have them encoded twice.
 */
export function formBody(fields: FormFields): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${encodeURIComponent(harmless(value))}`]))
    .join('&');
}

function harmless(value: string): string {
  if (/^https?:\/\//.test(value)) return value.replace(/[&="]/g, encodeURIComponent);
  return value.replace(/[&="]/g, (sign) => lookAlikes[sign] ?? '');
}
