import type { ClientId } from '../../../../src/domain/base/ids.ts';
import type { Client } from '../../../../src/domain/directory/client.ts';
import type { Line, Staff } from '../../../../src/domain/directory/manager.ts';
import type { Named } from '../../../../src/domain/interaction/interaction.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import type { PortalUser } from '../../../support/bitrix24/state.ts';
import { client, manager } from '../../../support/calls.ts';

/** The name of the portal in our configuration. */
export const core = 'b24';

const line = (id: string, channel: Line['channel'], address: string, source: string | null = null): Line => ({
  id,
  channel,
  address,
  label: `Line ${id}`,
  connection: null,
  attribution: { source, medium: source === null ? null : 'line', campaign: null },
  route: null,
});

/** The managers of the field cases. */
export const staff: Staff = {
  managers: [
    manager('m101', '101', { mobile: '+79990000901' }),
    manager('m102', '102', { mobile: '+79990000902' }),
    manager('m103', '103'),
    manager('m112', '112'),
    manager('m115', '115'),
    manager('m201', '201'),
    manager('m202', '202'),
  ],
  lines: [
    line('main', 'call', '74950000100', 'yandex'),
    line('second', 'call', '74950000200'),
    line('lab', 'call', '74950000002'),
    line('sales', 'email', 'sales@our.example'),
    line('site', 'form', 'site', 'site'),
    line('tg', 'message', 'tg', 'telegram'),
  ],
};

/** The owner of the webhook, who also installs the application. Whatever belongs to nobody is his. */
export const owner = 9;

/** The portal's users. It does not know m115 (extension 115); m202 has no extension there, and is found by our settings. */
export const portalUsers: readonly PortalUser[] = [
  ...['101', '102', '103', '112', '201'].map((extension) => ({ id: Number(extension), name: extension, extension })),
  { id: 900, name: 'Zhanna' },
  { id: owner, name: 'Owner', admin: true },
];

/** `users` of the settings. */
export const mappedUsers = { m202: 900 };

/** Somebody outside. */
export interface Person {
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  /** The end of the ids of his accounts in messengers, which begin with the messenger. */
  readonly account: string;
  /** `known`: one client of ours. `shared`: his number is that of several. `portal`: only the portal has him. */
  readonly kind: 'known' | 'shared' | 'portal' | 'stranger';
  /** The client in our directory; null if there is none or more than one. */
  readonly client: ClientId | null;
}

const messengers = ['telegram', 'whatsapp', 'vk', 'max', 'viber', 'avito'];
const counts = { known: 18, company: 2, shared: 3, portal: 4 };
const responsibles = ['m101', 'm102', 'm103', 'm115', 'm202', null];

/** The managers who decide things. */
export const deciders: readonly Named[] = [
  { id: 'm101', name: 'Manager m101' },
  { id: 'm102', name: 'Manager m102' },
];

/** Everybody whom somebody knows when the day begins. */
export interface Population {
  readonly people: readonly Person[];
  readonly clients: readonly Client[];
}

/** Puts cards into the portal, and returns the people with the clients that our directory has read from there. */
export function settle(portal: Portal): Population {
  const people: Person[] = [];
  const clients: Client[] = [];
  const add = (kind: 'CONTACT' | 'COMPANY' | 'DEAL', fields: object): number =>
    portal.core.cards[kind].add({ OPENED: 'Y', ...fields });
  const next = (kind: Person['kind'], id: ClientId | null = null): Person => {
    const number = people.length + 1;
    const two = String(number).padStart(2, '0');
    const one = {
      name: `Client ${number}`,
      phone: `+791610000${two}`,
      email: `client${number}@known.example`,
      account: `8000${two}`,
      kind,
      client: id,
    };
    people.push(one);
    return one;
  };
  const card = ({ name, phone, email }: Person) =>
    add('CONTACT', { NAME: name, PHONE: [{ VALUE: phone }], EMAIL: [{ VALUE: email }] });
  const identifiers = ({ phone, email, account }: Person): Client['identifiers'] => [
    { kind: 'phone', value: phone },
    { kind: 'email', value: email },
    ...messengers.map((kind) => ({ kind: 'account', value: `${kind}:${kind}${account}` }) as const),
  ];
  const responsible = () => responsibles[clients.length % responsibles.length] ?? null;
  const put = (card: string, more: Partial<Client>) => {
    const one = { ...client(`${core}:${card}`, []), kind: 'person', responsible: responsible(), ...more } as Client;
    clients.push(one);
    return one.id;
  };

  for (let i = 0; i < counts.known; i += 1) {
    const person = next('known');
    const contact = card(person);
    if (i % 3 === 0) add('DEAL', { TITLE: `Deal ${i}`, CONTACT_ID: String(contact), CLOSED: 'N' });
    people[people.length - 1] = { ...person, client: put(`contact-${contact}`, { identifiers: identifiers(person) }) };
  }
  for (let i = 0; i < counts.company; i += 1) {
    const person = next('known');
    const company = add('COMPANY', { TITLE: `Company ${i}` });
    const contact = add('CONTACT', {
      NAME: person.name,
      COMPANY_ID: String(company),
      PHONE: [{ VALUE: person.phone }],
    });
    const contacts = [{ id: `contact-${contact}`, name: person.name, identifiers: identifiers(person) }];
    people[people.length - 1] = { ...person, client: put(`company-${company}`, { kind: 'company', contacts }) };
  }
  for (let i = 0; i < counts.shared; i += 1) {
    const person = next('shared');
    for (let n = 0; n < 2; n += 1) put(`contact-${card(person)}`, { identifiers: identifiers(person) });
  }
  for (let i = 0; i < counts.portal; i += 1) card(next('portal'));
  return { people, clients };
}

/** A stranger, by his number. */
export function stranger(number: number): Person {
  const four = String(number).padStart(4, '0');
  return {
    name: `Stranger ${number}`,
    phone: `+7926200${four}`,
    email: `stranger${number}@nowhere.example`,
    account: `9${four}`,
    kind: 'stranger',
    client: null,
  };
}
