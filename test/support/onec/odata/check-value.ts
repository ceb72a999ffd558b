import { errors } from '../errors.ts';
import type { Property } from '../metadata/schema.ts';
import { emptyDate, emptyValue, type Value } from '../store/values.ts';

const guidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const dateText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;
const base64Text = /^[A-Za-z0-9+/\r\n]*={0,2}$/;

/** Takes a value that a request gives to an attribute, or refuses it. Composite attributes are the writer's business. */
export function checkedValue(property: Property, given: unknown): Value {
  const { name, attribute } = property;
  if (given === null) return emptyValue(property);
  switch (attribute.kind) {
    case 'string':
      return checkedText(name, given, attribute.maxLength);
    case 'enum': {
      const value = checkedText(name, given, null);
      if (value !== '' && attribute.values !== null && !attribute.values.includes(value)) throw errors.value(name);
      return value;
    }
    case 'boolean':
      if (typeof given !== 'boolean') throw errors.value(name);
      return given;
    case 'date':
      return checkedDate(name, given);
    case 'integer':
      return checkedInteger(property, given);
    case 'number':
      if (typeof given !== 'number' || !Number.isFinite(given)) throw errors.value(name);
      return given;
    case 'guid':
    case 'reference':
      return checkedGuid(name, given);
    case 'storage':
      if (typeof given !== 'string' || (property.part === 'value' && !base64Text.test(given))) throw errors.value(name);
      return given;
    case 'composite':
      throw errors.value(name);
  }
}

/** A reference. */
export function checkedGuid(name: string, given: unknown): string {
  if (typeof given !== 'string' || !guidText.test(given)) throw errors.value(name);
  return given.toLowerCase();
}

/** A text. Longer ones are refused; whether 1C cuts them instead is unverified. */
export function checkedText(name: string, given: unknown, maxLength: number | null): string {
  if (typeof given !== 'string') throw errors.value(name);
  if (maxLength !== null && given.length > maxLength) throw errors.assign(`${name}: ${given.length} > ${maxLength}`);
  if (hasForbidden(given)) throw errors.value(name);
  return given;
}

/** 1C serialises texts as XML, which cannot hold control characters. */
function hasForbidden(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return true;
  }
  return false;
}

/** A date without a zone. */
function checkedDate(name: string, given: unknown): string {
  if (typeof given !== 'string' || !dateText.test(given)) throw errors.value(name);
  if (given !== emptyDate && Number.isNaN(Date.parse(`${given}Z`))) throw errors.value(name);
  return given;
}

function checkedInteger({ name, attribute }: Property, given: unknown): Value {
  const number = typeof given === 'string' && /^-?\d{1,18}$/.test(given) ? Number(given) : given;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw errors.value(name);
  if (attribute.kind !== 'integer') throw errors.value(name);
  if (attribute.edm === 'Edm.Int64') return String(given);
  if (typeof given === 'string' || Math.abs(number) > (attribute.edm === 'Edm.Int16' ? 32_767 : 2_147_483_647))
    throw errors.value(name);
  return number;
}
