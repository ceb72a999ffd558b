import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldMessages, MessengerOffice, payloadsOf } from '../support/field-messengers.ts';
import { seededRandom } from '../support/random.ts';

/** Twisted copies of each payload; more for a thorough search. */
const copies = Number(process.env.PATCHBAY_TWISTED ?? 8);
/** Fields that say what a payload is, or prove that it is genuine. Without them, a service event is none. */
const naming = new Set([
  'type',
  'system',
  'reaction',
  'emoji',
  'update_type',
  'event',
  'secret',
  'group_id',
  'phone_number_id',
  'attachments',
]);
/** Service events in which nobody says anything. An empty message may get words by the twisting. */
const serviceFiles = Object.entries(fieldMessages)
  .filter(([file, { tasks }]) => tasks === 0 && file !== 'max-nothing-in-it.json')
  .map(([file]) => file);

const odd: readonly unknown[] = [
  null,
  0,
  -1,
  1e300,
  '',
  ' ',
  'x',
  '\u0000',
  [],
  {},
  [[]],
  [null],
  true,
  '9'.repeat(40),
];

/** The payload with some of its fields removed, or of other types. */
function twisted(payload: unknown, random: () => number): unknown {
  if (typeof payload !== 'object' || payload === null) return payload;
  if (Array.isArray(payload)) return payload.map((one) => twisted(one, random));
  const entries = Object.entries(payload).flatMap(([name, value]) => {
    if (naming.has(name)) return [[name, value]];
    const chance = random();
    if (chance < 0.06) return [];
    if (chance < 0.14) return [[name, structuredClone(odd[Math.floor(random() * odd.length)])]];
    return [[name, twisted(value, random)]];
  });
  return Object.fromEntries(entries);
}

/** Whether an emitted message would be shown without anything in it. */
function isBlank(event: MessengerOffice['emitted'][number]): boolean {
  if (event.kind !== 'written') return false;
  const shown = event.text ?? event.placeholder ?? '';
  return shown.trim() === '' && event.attachments.length === 0;
}

describe('payloads of messengers with fields removed or of other types', () => {
  const office = new MessengerOffice();
  beforeAll(() => office.open());
  afterAll(() => office.close());

  it.each(Object.keys(fieldMessages))('%s', { timeout: 60_000 }, async (file) => {
    const random = seededRandom(file.length * 7919);
    const from = office.emitted.length;
    let tasks = 0;
    for (let n = 0; n < copies; n += 1) {
      // Neither a fault nor a refusal: what is genuine is taken.
      const result = await office.play(
        file,
        payloadsOf(file).map((one) => twisted(one, random)),
      );
      tasks += result.tasks.length;
    }
    expect(office.emitted.slice(from).filter(isBlank)).toEqual([]);
    if (serviceFiles.includes(file)) expect(tasks).toBe(0);
    expect([...office.contexts.values()].flatMap(({ quarantined }) => quarantined.map(String))).toEqual([]);
  });
});
