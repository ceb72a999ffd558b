import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from '../../api/deps.ts';
import { type NumberHold, numberKey } from '../../domain/call/number-hold.ts';
import { phoneText } from '../../domain/directory/identifiers.ts';
import type { Line, NumberPool } from '../../domain/directory/manager.ts';
import { type FormField, fieldsOfJson } from '../reading/fields.ts';
import { attributionOf } from '../reading/marks.ts';
import type { OpenForm } from './gate.ts';
import { FormRefusal } from './refusal.ts';

/** How many numbers are tried if concurrent visits take them first. */
const maxTries = 5;

/** The line from whose pool a form shows numbers, or null. */
export function poolOf(deps: ApiDeps, { settings }: Pick<OpenForm, 'settings'>): (Line & { pool: NumberPool }) | null {
  const line = deps.staff().lines.find(({ id }) => id === settings.numbers);
  return line?.pool === undefined ? null : { ...line, pool: line.pool };
}

/** Reserves a number for a visit: the one it already has, else the one that has been free the longest. */
export async function giveNumber(deps: ApiDeps, form: OpenForm, request: FastifyRequest) {
  const line = poolOf(deps, form);
  if (line === null) throw new FormRefusal('unknown_line', 'not-found', 'this form has no number pool');
  const fields = fieldsOfJson(request.body) ?? [];
  const visit = fields.find(({ name }) => name === 'visit')?.value ?? '';
  if (!/^[\w.-]{8,64}$/.test(visit))
    throw new FormRefusal('unreadable', 'invalid', 'the visit has no valid id', [
      { path: '/visit', code: 'pattern', message: 'expected 8 to 64 letters, digits, dots or hyphens' },
    ]);
  const from = deps.clock.now();
  const hold = { visit, from, until: from + line.pool.hold, marks: marksOf(fields, request) };
  const { country } = deps.settings;
  for (const number of await candidates(deps, line.pool, visit, from)) {
    const [result] = await deps.intake.apply([{ op: 'hold-number', hold: { ...hold, number } }]);
    if (result?.ok) return shown(number, country, hold.until);
  }
  return shown(numberKey(line.address, country), country, null);
}

function marksOf(fields: readonly FormField[], request: FastifyRequest): NumberHold['marks'] {
  return attributionOf(fields, request.headers.referer ?? null);
}

async function candidates({ store, settings }: ApiDeps, { numbers }: NumberPool, visit: string, now: number) {
  const keys = numbers.map((number) => numberKey(number, settings.country));
  const holds = new Map((await store.read.numberHolds(keys)).map((hold) => [hold.number, hold]));
  const own = keys.find((key) => holds.get(key)?.visit === visit && (holds.get(key)?.until ?? 0) >= now);
  if (own !== undefined) return [own];
  const since = (key: string) => holds.get(key)?.until ?? 0;
  return keys
    .filter((key) => since(key) < now)
    .sort((a, b) => since(a) - since(b))
    .slice(0, maxTries);
}

function shown(phone: string, country: string, until: number | null) {
  return {
    phone,
    text: phoneText(phone, country),
    tracked: until !== null,
    until: until === null ? null : new Date(until).toISOString(),
  };
}
