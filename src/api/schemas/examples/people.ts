/** Ids that the examples share. */
export const ids = {
  call: '019bb1a0-2c00-7d3e-8a4b-5f6071829304',
  letter: '019bb1a7-9d40-7c11-b2a3-04f1e2d3c4b5',
  lead: '019bb1ab-4e20-7a52-9c1d-6e7f80910213',
  task: '019bb1ac-7b60-7b83-8d2e-1f2031425364',
};

/** A manager. */
export const anna = { id: 'ivanova', name: 'Anna Ivanova' };

/** A manager in lists. */
export const manager = { ...anna, department: 'Sales' };

/** A client. */
export const client = {
  id: 'romashka',
  name: 'Romashka LLC',
  kind: 'company',
  responsible: anna.id,
  segment: 'vip',
  url: 'https://crm.example/companies/1042',
  identifiers: [
    { kind: 'phone', value: '+79161234567' },
    { kind: 'email', value: 'zakaz@romashka.example' },
  ],
  contacts: [
    { id: 'maria', name: 'Maria Zaytseva', identifiers: [{ kind: 'email', value: 'maria@romashka.example' }] },
  ],
  deals: [{ id: 'd-88', name: 'Forty chairs', stage: 'Quote', url: 'https://crm.example/deals/88' }],
  fields: [{ label: 'City', value: 'Kazan' }],
};

/** {@link client} where only id and name are shown. */
export const clientName = { id: client.id, name: client.name };

/** The outside end of a call from the client. */
export const party = {
  phone: '+79161234567',
  raw: '+79161234567',
  ext: null,
  withheld: false,
  email: null,
  account: null,
  name: null,
};

/** The main number. */
export const line = { id: 'main', label: 'Main number', address: '74951234567', connection: 'pbx' };

/** A user. */
export const user = {
  login: 'anna',
  role: 'operator',
  manager: anna.id,
  scope: null,
  sees: 'company',
  disabled: false,
  sessions: 1,
};

/** The token of a CRM. */
export const token = { name: 'crm', role: 'integration', createdAt: '2026-01-10T08:00:00.000Z' };

/** A logged-in browser. */
export const browser = {
  id: '9f86d081884c7d659a2feaa0',
  login: 'anna',
  createdAt: '2026-01-12T06:00:00.000Z',
  expiresAt: '2026-01-12T18:00:00.000Z',
  agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

/** An entry of the audit log. */
export const auditEntry = {
  id: '019bb1b0-1d20-7c04-9a5b-7c8d9eafb0c1',
  at: '2026-01-12T09:20:00.000Z',
  who: 'anna',
  action: 'read-client',
  what: 'GET /clients/:id',
  subject: client.id,
  count: null,
  address: '192.0.2.10',
};
