import { escapeHtml } from '../../../../src/domain/base/escape-html.ts';
import type { ODataError } from '../errors.ts';
import type { Shown } from './shape.ts';

const namespaces = `xmlns="http://www.w3.org/2005/Atom" xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"`;

/** A set as 1C answers it to who does not ask for JSON. */
export function atomFeed(set: string, rows: readonly Shown[], total: number | null): string {
  const count = total === null ? '' : `<m:count>${total}</m:count>`;
  return `<?xml version="1.0" encoding="UTF-8"?><feed ${namespaces}>${rows.map((row) => entry(set, row, '')).join('')}${count}</feed>`;
}

/** An object as 1C answers it to who does not ask for JSON. */
export function atomEntry(set: string, row: Shown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${entry(set, row, ` ${namespaces}`)}`;
}

/** An error as 1C answers it to who does not ask for JSON. */
export function atomError({ code, message }: ODataError): string {
  return `<?xml version="1.0" encoding="UTF-8"?><m:error xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><m:code>${code}</m:code><m:message>${escapeHtml(message)}</m:message></m:error>`;
}

function entry(set: string, row: Shown, attributes: string): string {
  return `<entry${attributes}><category term="StandardODATA.${set}"/><content type="application/xml"><m:properties>${properties(row)}</m:properties></content></entry>`;
}

function properties(row: Shown): string {
  return Object.entries(row)
    .filter(([name]) => !name.includes('@') && !name.startsWith('odata.'))
    .map(([name, value]) => `<d:${name}>${content(value)}</d:${name}>`)
    .join('');
}

function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((row) => `<d:element>${properties(row as Shown)}</d:element>`).join('');
  if (typeof value === 'object' && value !== null) return properties(value as Shown);
  return escapeHtml(String(value ?? ''));
}
