import { describe, expect, it } from 'vitest';
import type { OnecFault } from '../../../support/onec/faults.ts';
import type { OnecOptions } from '../../../support/onec/options.ts';
import { answerTo, letter } from '../../../support/written.ts';
import { form, message } from '../../bitrix24/written/contacts.ts';
import { answeredCall, Firm, missedCall } from './firm.ts';

const kinds: readonly OnecFault[] = [
  '500',
  '500-after',
  'html',
  'malformed',
  'empty',
  'cut-before',
  'cut-after',
  'hang-after',
  'locked',
  'no-licence',
  'closed-for-update',
];

/** A day with everything that is written. It ends in the same state, whatever happens on the way. */
async function day(firm: Firm): Promise<void> {
  const { people } = firm.onec;
  const isUnf = firm.onec.base.options.preset === 'unf';
  const [rose, crow] = [people.addClient({ name: 'Ромашка' }), people.addClient({ name: 'Лютик' })];
  if (isUnf) people.add('Catalog_СостоянияСобытий', { Description: 'Завершено' });
  else people.addDeal({ client: rose, name: 'Насосы' });
  const role = isUnf ? 'counterparty' : 'partner';
  await firm.know(`${role}-${rose}`, [{ kind: 'email', value: 'ivan@example.com' }]);
  const crowId = await firm.know(`${role}-${crow}`, []);
  await firm.take(letter('1'), answerTo('1', '2', { manager: 'anna' }));
  await firm.take(message('3'), message('3', { text: 'Edited' }));
  await firm.take(form('4'), form('5'), missedCall('6'), answeredCall('7'));
  for (const contact of await firm.contacts())
    if (contact.channel === 'email' && contact.direction === 'inbound') await firm.decide(contact, { client: crowId });
}

/** What the base's users see in the end, whatever the keys. */
async function endOf(firm: Firm) {
  const { view, people, base, state } = firm.onec;
  const leads = base.schema.has('Catalog_Лиды') ? view.items('Лиды').length : 0;
  const seen = [...base.schema.entities]
    .filter(({ kind }) => kind === 'document')
    .flatMap(({ set }) =>
      view.documents(set.slice('Document_'.length)).map((row) => {
        const { considered, subject } = view.subjectOf(set, String(row.Ref_Key));
        return [set, row.Date, row.Тема, row.DeletionMark, considered, subject === null].join(' ');
      }),
    )
    .toSorted();
  const histories = view
    .items(people.clientSet.slice('Catalog_'.length))
    .map(({ Description, Ref_Key }) => `${Description} ${view.history(String(Ref_Key)).length}`)
    .toSorted();
  const states = (await firm.owed()).map(({ state: one }) => one);
  return { seen, histories, leads, states, sent: state.sent, polled: state.polled, complaints: state.complaints };
}

/** Where faults are injected, by preset. */
const places = {
  ut11: [
    'GET Catalog_Пользователи',
    'GET Catalog_СделкиСКлиентами',
    'GET Constant_ИспользоватьПризнакРассмотрено',
    'GET InformationRegister_ПредметыПапкиВзаимодействий',
    'POST InformationRegister_ПредметыПапкиВзаимодействий',
    'POST Document_ТелефонныйЗвонок',
    'POST Document_ЭлектронноеПисьмоВходящее',
    'PATCH Document_ЭлектронноеПисьмоВходящее',
    'POST Document_ЭлектронноеПисьмоИсходящее',
  ],
  unf: [
    'POST Document_Событие',
    'PATCH Document_Событие',
    'GET Document_Событие',
    'POST Catalog_Лиды',
    'GET Catalog_Лиды',
    'POST InformationRegister_ДанныеЗвонков',
  ],
} as const;

const open = (preset: 'ut11' | 'unf', options: OnecOptions = {}) =>
  Firm.open({ preset, ...options }, { unknown: 'lead', timeout: 1 });

describe.each(['ut11', 'unf'] as const)('whatever goes wrong on the way into %s', (preset) => {
  let wanted: Awaited<ReturnType<typeof endOf>>;

  it('is reached by all requests that faults are injected into', async () => {
    const firm = await open(preset);
    await day(firm);
    expect(places[preset].filter((place) => (firm.onec.state.counts.get(place) ?? 0) === 0)).toEqual([]);
    wanted = await endOf(firm);
    expect(wanted).toMatchObject({ sent: [], polled: [], complaints: [], leads: preset === 'unf' ? 2 : 0 });
    expect(wanted.states.every((state) => state === 'done')).toBe(true);
  });

  // Whether a base takes keys of ours is unverified, so both are tried.
  it.each(
    places[preset].map((place, index) => [place, place.startsWith('POST') ? 'ignored' : 'taken', index] as const),
  )(
    'nothing is doubled or lost: %s, keys of ours are %s',
    async (place, ownKeys, index) => {
      const firm = await open(preset, { ownKeys });
      // The first request fails in one way and the repeats in others; each place begins elsewhere.
      const rotated = [...kinds.slice(index % kinds.length), ...kinds.slice(0, index % kinds.length)];
      for (const [at, kind] of rotated.entries()) firm.onec.faults.on(place, kind, { nth: 1 + at });
      await day(firm);
      expect(firm.onec.faults.happened.length).toBeGreaterThan(0);
      expect(await endOf(firm)).toEqual(wanted);
    },
    60_000,
  );

  it.each(['taken', 'ignored'] as const)(
    'survives being killed between two writes to the ledger: keys %s',
    async (ownKeys) => {
      let isOver = false;
      for (let writes = 0; !isOver; writes += 6) {
        const firm = await open(preset, { ownKeys });
        firm.deliveries.killAfter = writes;
        await day(firm);
        isOver = firm.deliveries.kills === 0;
        expect(await endOf(firm), `killed after ${writes} writes`).toEqual(wanted);
      }
    },
    240_000,
  );
});
