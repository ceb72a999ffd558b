import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientId } from '../../domain/base/ids.ts';
import type { Client } from '../../domain/directory/client.ts';
import { demoClients, demoManagers } from './people.ts';

/** Cards of the scripted portal. */
interface PortalCards {
  add(fields: Readonly<Record<string, unknown>>): number;
}

/** What the demo uses of the scripted Bitrix24 portal in `test/support/bitrix24/`. */
export interface ScriptedPortal {
  /** Its address, where a page shows what it holds. */
  readonly root: string;
  readonly core: { readonly cards: { readonly CONTACT: PortalCards; readonly COMPANY: PortalCards } };
  /** Installs our application. Resolves with the HTTP status of our answer. */
  install(handler: string): Promise<number>;
  close(): Promise<void>;
}

const app = { clientId: 'local.demo', clientSecret: 'the-demo-is-no-secret' };

/** The name of the destination, which its clients' ids begin with. */
export const portalName = 'b24';

/** Starts the scripted portal with the demo's managers as users. */
export async function openScriptedPortal(): Promise<ScriptedPortal> {
  const { startPortal } = await importPortal();
  return startPortal({
    app: { ...app, scopes: ['crm', 'telephony', 'user', 'placement'] },
    // There are far more calls in a minute than in an ordinary office.
    rate: 'off',
    keepRequests: false,
    users: demoManagers.map(({ name, extension }, i) => {
      const [first = name, last] = name.split(' ');
      return { id: i + 1, name: first, ...(last !== undefined && { lastName: last }), extension, admin: i === 0 };
    }),
  });
}

/** The portal lies beside the built program (`scripts/build.mjs`). In the source tree it is TypeScript among the tests' support. */
async function importPortal(): Promise<{ startPortal(options: object): Promise<ScriptedPortal> }> {
  const built = new URL('./bitrix24-portal.js', import.meta.url);
  if (existsSync(built)) return import(built.href);
  const source = fileURLToPath(new URL('../../../test/support/bitrix24/portal.ts', import.meta.url));
  const { tsImport } = await import('tsx/esm/api');
  return tsImport(source, import.meta.url);
}

/** Puts the demo's clients into the portal: a company with its contact each. Returns them as our clients. */
export function fillPortal({ core: { cards } }: Pick<ScriptedPortal, 'core'>): readonly Client[] {
  return demoClients().map((client) => {
    const user = demoManagers.findIndex(({ id }) => id === client.responsible) + 1;
    const company = cards.COMPANY.add({
      TITLE: client.name,
      PHONE: client.identifiers.map(({ value }) => value),
      ASSIGNED_BY_ID: user,
    });
    const contacts = client.contacts.map((person) => {
      const [first = '', last = ''] = person.name.split(' ');
      const PHONE = person.identifiers.map(({ value }) => value);
      const id = cards.CONTACT.add({ NAME: first, LAST_NAME: last, PHONE, COMPANY_ID: company, ASSIGNED_BY_ID: user });
      return { ...person, id: `contact-${id}` };
    });
    return { ...client, id: `${portalName}:company-${company}` as ClientId, contacts, deals: [], url: null };
  });
}

/** The destination that delivers to the portal. */
export function portalDestination({ root }: Pick<ScriptedPortal, 'root'>): object {
  return { kind: 'bitrix24', app: { portal: root, ...app, oauth: root }, limits: { perSecond: 0 } };
}
