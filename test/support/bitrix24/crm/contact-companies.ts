import { crmError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import { companiesOf } from './card-store.ts';

/** The companies of contacts, and the contacts of companies. */
export const contactCompanyMethods: readonly Method[] = [
  {
    name: 'crm.contact.company.items.get',
    scopes: ['crm'],
    parameters: ['id'],
    run: (call) => {
      const contact = call.core.cards.CONTACT.get(idOf(call));
      if (contact === null) throw crmError('Not found');
      return companiesOf(contact).map((id, index) => rowOf('COMPANY_ID', Number(id), index));
    },
  },
  {
    name: 'crm.company.contact.items.get',
    scopes: ['crm'],
    parameters: ['id'],
    run: (call) => {
      const id = idOf(call);
      if (call.core.cards.COMPANY.get(id) === null) throw crmError('Not found');
      return call.core.cards.CONTACT.findByCompany(id).map((contact, index) => rowOf('CONTACT_ID', contact, index));
    },
  },
];

function idOf({ parameters }: Call): number {
  const id = parameters.integer('id');
  if (id === null || id <= 0) throw crmError('The parameter id is invalid or not defined.');
  return id;
}

function rowOf(name: 'COMPANY_ID' | 'CONTACT_ID', id: number, index: number) {
  return { [name]: id, SORT: (index + 1) * 10, ROLE_ID: 0, IS_PRIMARY: index === 0 ? 'Y' : 'N' };
}
