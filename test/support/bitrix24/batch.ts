import { type PortalError, systemErrors } from './errors.ts';
import { type Fields, isFields, readForm, textOf, type Value } from './values.ts';

const maxCommands = 50;

/** How one command ended. */
export type Outcome =
  | {
      readonly result: unknown;
      readonly total: number | null;
      readonly next: number | null;
      readonly time: Fields;
    }
  | { readonly error: PortalError };

/** Runs the commands of `batch` in turn; later ones can name results of earlier ones. */
export async function runBatch(
  given: Fields,
  run: (method: string, parameters: Fields) => Promise<Outcome>,
): Promise<Fields> {
  const commands = Object.entries(isFields(given.cmd) || Array.isArray(given.cmd) ? (given.cmd as Fields) : {});
  const isHalting = [1, '1', true, 'true', 'Y'].includes(given.halt as string);
  const results: Record<string, unknown> = {};
  const errors: Record<string, Fields> = {};
  const totals: Record<string, number> = {};
  const nexts: Record<string, number> = {};
  const times: Record<string, Fields> = {};
  for (const [index, [name, command]] of commands.entries()) {
    const outcome = await one(index, command);
    if ('error' in outcome) {
      errors[name] = { error: outcome.error.code, error_description: outcome.error.message };
      if (isHalting) break;
      continue;
    }
    results[name] = outcome.result;
    times[name] = outcome.time;
    if (outcome.total !== null) totals[name] = outcome.total;
    if (outcome.next !== null) nexts[name] = outcome.next;
  }
  const answer = {
    result: orList(results),
    result_error: orList(errors),
    result_total: orList(totals),
    result_next: orList(nexts),
    result_time: orList(times),
  };
  return answer as unknown as Fields;

  async function one(index: number, command: Value): Promise<Outcome> {
    if (index >= maxCommands) return { error: systemErrors.batchLength() };
    const text = textOf(command) ?? '';
    const at = text.indexOf('?');
    const method = at < 0 ? text : text.slice(0, at);
    if (method.toLowerCase() === 'batch') return { error: systemErrors.batchInBatch() };
    return run(method, filled(readForm(at < 0 ? '' : text.slice(at + 1)), results) as Fields);
  }
}

/** PHP writes an empty array as a list. */
function orList(values: Readonly<Record<string, unknown>>): unknown {
  return Object.keys(values).length === 0 ? [] : values;
}

/** Replaces `$result[name][FIELD]`; what is not there becomes empty. */
function filled(value: Value, results: Readonly<Record<string, unknown>>): Value {
  if (Array.isArray(value)) return value.map((item: Value) => filled(item, results));
  if (isFields(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, results)]));
  if (typeof value !== 'string' || !value.includes('$result[')) return value;
  const whole = /^\$result((?:\[[^\]]*\])+)$/.exec(value);
  if (whole !== null) return (reach(results, whole[1] ?? '') ?? '') as Value;
  return value.replace(/\$result((?:\[[^\]]*\])+)/g, (_, path: string) => textOf(reach(results, path)) ?? '');
}

function reach(results: unknown, path: string): unknown {
  let at = results;
  for (const [, name = ''] of path.matchAll(/\[([^\]]*)\]/g))
    at = (at as Record<string, unknown> | null | undefined)?.[name];
  return at;
}
