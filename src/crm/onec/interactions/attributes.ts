import { beginning } from '../../../domain/base/clean-text.ts';
import type { Fields } from '../../../runtime/http/fields.ts';
import { emptyRef, typeName } from '../api/literals.ts';
import type { Mapping } from '../metadata/mapping.ts';
import type { Pointer } from './planned.ts';

/** Texts longer than this are cut even where the base would take them. */
const longestText = 100_000;

/** Control characters, which 1C can't serialise. Line breaks and tabs may stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** A text as an attribute of a set takes it. That of a section is `Section/Attribute`. */
export function fitting(text: string, set: string, attribute: string, mapping: Mapping): string {
  const clean = text.toWellFormed().replace(forbidden, ' ');
  return beginning(clean, mapping.maxLength(set, attribute) ?? longestText);
}

/** An attribute that refers to one kind of object; null is the empty reference. */
export function referring(attribute: string, key: string | null): Fields {
  return { [`${attribute}_Key`]: key ?? emptyRef };
}

/** A composite attribute that points to somebody, or to nobody. */
export function pointing(attribute: string, to: Pointer | null): Fields {
  if (to === null) return { [attribute]: '', [`${attribute}_Type`]: 'StandardODATA.Undefined' };
  return { [attribute]: to.key, [`${attribute}_Type`]: typeName(to.set) };
}

/** A composite attribute that holds a text. */
export function wording(attribute: string, text: string): Fields {
  return { [attribute]: text, [`${attribute}_Type`]: 'Edm.String' };
}

/** Those of the attributes that the base has; for the optional ones of a preset. */
export function existing(fields: Fields, set: string, mapping: Mapping): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => mapping.has(set, name)));
}
