import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asker } from '../real/siege/asker.ts';
import { AttackedProgram, clientPhone, did } from './support/program.ts';

const times = (text: string, count: number) => text.repeat(count);
const lines = (line: string, count: number) => Array.from({ length: count }, () => line).join('\n');

/** Form field values that our patterns have been slow on, or might be, each nearly as long as allowed. */
const hostile: Readonly<Record<string, string>> = {
  'lines like those above quotations': lines(`2024-01-01 12 x 2024 ${times('<', 110)}${times('@', 265)}`, 49),
  'such lines that end as they should': lines(`2024-01-01 ${times('<@', 180)}>:`, 49),
  'half addresses': times('a.b@', 4900),
  'addresses without an end': times('a@b.', 4900),
  'numbers without an end': times('8 (916) ', 2400),
  'digits and blanks': times('1   ', 4900),
  'links without an end': times('http://', 2800),
  'links that open conversations': times('wa.me/', 3200),
  'marks that announce numbers': times('тел№', 4800),
  blanks: times(' ', 19_000),
  'line breaks': `x${times('\r\n', 9400)}x`,
};

/** Milliseconds that another visitor waits at most: far longer than parsing takes, far shorter than an attack used to take. */
const patience = 5000;

describe('texts that are slow to parse', () => {
  let program: AttackedProgram;

  beforeAll(async () => {
    program = await AttackedProgram.start();
  }, 60_000);

  afterAll(async () => {
    await program?.stop();
  });

  const send = (fields: object) =>
    fetch(`${program.url}/api/v1/forms/site`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
      signal: AbortSignal.timeout(patience),
    });

  it.each(Object.keys(hostile))('delay no other visitor or caller: %s', async (kind) => {
    const value = hostile[kind] ?? '';
    const asker = new Asker({ port: program.agiPort, from: clientPhone, did, dial: 'PJSIP/101' });
    const attacks = Array.from({ length: 4 }, (_, i) =>
      send(Object.fromEntries(['one', 'two', 'three', 'four', 'five'].map((name) => [name, `${value}${i}`]))),
    );
    const visitor = send({ name: 'Anna', phone: '+79161110009', comment: `${kind}, and call +7 495 123-45-67` });
    await asker.ask();
    const answers = await Promise.all([...attacks, visitor]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(asker.wrong).toEqual([]);
  });
});
