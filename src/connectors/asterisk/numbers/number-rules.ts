import { parsePhone } from '../../../domain/directory/identifiers.ts';
import type { NumberRegion } from '../../../domain/directory/number-region.ts';
import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { NumberRule } from './schema.ts';

/** Limit of characters of a number, because the administrator's expressions may take long for more. */
const maxLength = 64;
/** Signs that people put after the digits for an outside line. */
const separators = /^[ ,.~wp-]+/i;

interface CompiledRule {
  readonly direction: 'inbound' | 'outbound' | undefined;
  readonly trunk: string | undefined;
  /** The number that the digits mean, or null if the rule does not apply. */
  read(digits: string): string | null;
}

/** Says what the digits of a PBX mean, by the `numbers` setting of its connection. */
export class NumberRules {
  readonly #rules: readonly CompiledRule[];

  constructor(rules: readonly NumberRule[], region: NumberRegion) {
    this.#rules = rules.map((rule) => compile(rule, region));
  }

  /** The number that digits mean on a trunk; null if no rule applies. */
  read(digits: string, direction: CallSnapshot['direction'], trunk: string | null): string | null {
    if (digits === '' || digits.length > maxLength) return null;
    for (const rule of this.#rules) {
      if (rule.direction !== undefined && rule.direction !== direction) continue;
      if (rule.trunk !== undefined && rule.trunk !== trunk) continue;
      const number = rule.read(digits);
      if (number !== null) return number;
    }
    return null;
  }

  /** A call whose party has the number that its digits mean. */
  applyTo(call: CallSnapshot): CallSnapshot {
    if (call.direction === 'internal') return call;
    const number = this.read(call.party.raw, call.direction, call.trunk ?? null);
    return number === null ? call : { ...call, party: { ...call.party, number } };
  }
}

function compile(rule: NumberRule, region: NumberRegion): CompiledRule {
  const { trunk } = rule;
  if ('match' in rule) {
    const expression = new RegExp(rule.match);
    const read = (digits: string) => {
      const found = expression.exec(digits);
      return found && rule.replace.replace(/\$([1-9])/g, (_, group: string) => found[Number(group)] ?? '');
    };
    return { direction: rule.direction, trunk, read };
  }
  const read = (digits: string) => {
    if (!digits.startsWith(rule.outsideLine)) return null;
    const rest = digits.slice(rule.outsideLine.length).replace(separators, '');
    return parsePhone(rest, region).phone === null ? null : rest;
  };
  return { direction: rule.direction ?? 'outbound', trunk, read };
}
