import { domainToUnicode } from 'node:url';

/** Limit of an address in characters (RFC 5321). */
const maxLength = 254;
const plain = /^[^\s@<>"]+$/u;
/** A local part in quotation marks, without what would need escaping. */
const quoted = /^"[^"\\<>\p{Cc}]+"$/u;

/** Normalises an e-mail address; null if it is invalid. Case is ignored, because it never matters in practice. */
export function normaliseEmail(raw: string): string | null {
  const value = canonicalEmail(raw.trim());
  const at = value.lastIndexOf('@');
  const local = value.slice(0, at);
  const domain = value.slice(at + 1);
  const dot = domain.indexOf('.', 1);
  const isValid = at > 0 && (plain.test(local) || quoted.test(local)) && plain.test(domain) && dot !== -1;
  return isValid && dot < domain.length - 1 && value.length <= maxLength ? value : null;
}

/**
 * One spelling for an address: lower case, without the dot that may end a domain and without needless quotation marks, and the
 * domain as people read it, not in Punycode.
 */
export function canonicalEmail(address: string): string {
  const at = address.lastIndexOf('@');
  if (at === -1) return address.toLowerCase();
  const local = address.slice(0, at).toLowerCase();
  const domain = address
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.{1,3}$/, '');
  const inner = /^"([\w.!#$%&'*+/=?^`{|}~-]+)"$/.exec(local)?.[1];
  const readable = domain.includes('xn--') ? domainToUnicode(domain) : '';
  return `${inner ?? local}@${readable === '' ? domain : readable}`.normalize('NFC');
}
