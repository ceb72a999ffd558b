import { PortalError, systemErrors } from '../errors.ts';
import { type Call, type Method, Page } from '../method.ts';
import type { Fields } from '../values.ts';
import { readFilter, satisfies } from './filter.ts';

const duplicateCap = 20;

/** Dictionaries, the mode of the CRM, and the search for duplicates. */
export const dictionaryMethods: readonly Method[] = [
  {
    name: 'crm.settings.mode.get',
    scopes: ['crm'],
    parameters: [],
    run: ({ core }) => (core.options.leads === false ? 2 : 1),
  },
  {
    name: 'crm.enum.settings.mode',
    scopes: ['crm'],
    parameters: [],
    run: () => [
      { ID: 1, NAME: 'Classic' },
      { ID: 2, NAME: 'Simple' },
    ],
  },
  {
    name: 'crm.status.list',
    scopes: ['crm'],
    parameters: ['order', 'filter'],
    run: ({ parameters }) => {
      const conditions = readFilter(parameters.fields('filter') ?? {});
      const found = statuses.filter((row) => conditions.every((one) => satisfies(row[one.field], one)));
      return new Page(found, found.length, null);
    },
  },
  {
    name: 'crm.duplicate.findbycomm',
    scopes: ['crm'],
    parameters: ['type', 'values', 'entity_type'],
    run: findDuplicates,
  },
];

/** Types that have no hits are absent, and at twenty hits of one type the following types are left out. */
function findDuplicates({ core, parameters }: Call): Fields | readonly never[] {
  const type = parameters.text('type');
  if (type === null) throw new PortalError(400, 'Communication type is not defined', "Parameter 'type' is required.");
  if (type !== 'PHONE' && type !== 'EMAIL')
    throw new PortalError(400, `Communication type '${type}' is not supported in current context`, '');
  const values = parameters.list('values')?.map(String) ?? [];
  if (values.length === 0)
    throw new PortalError(400, 'Communication values is not defined', "Parameter 'values' is required.");
  if (values.length > duplicateCap) parameters.complain('values holds more than 20 values');
  const only = parameters.text('entity_type');
  if (only !== null && !['LEAD', 'CONTACT', 'COMPANY'].includes(only)) throw systemErrors.accessDenied();
  const found: Record<string, readonly number[]> = {};
  for (const kind of ['LEAD', 'CONTACT', 'COMPANY'] as const) {
    if (only !== null && only !== kind) continue;
    const ids = new Set(values.slice(0, duplicateCap).flatMap((value) => core.cards[kind].findByComm(type, value)));
    if (ids.size > 0) found[kind] = [...ids].sort((a, b) => a - b).slice(0, duplicateCap);
    if (ids.size >= duplicateCap) break;
  }
  return Object.keys(found).length === 0 ? [] : found;
}

const sources = [
  'CALL',
  'EMAIL',
  'WEB',
  'ADVERTISING',
  'PARTNER',
  'RECOMMENDATION',
  'TRADE_SHOW',
  'WEBFORM',
  'CALLBACK',
  'OTHER',
];
const leadStates = ['NEW', 'IN_PROCESS', 'PROCESSED', 'CONVERTED', 'JUNK'];
const dealStages = ['NEW', 'PREPARATION', 'EXECUTING', 'FINAL_INVOICE', 'WON', 'LOSE'];

const statuses: readonly Fields[] = [
  ...sources.map((id) => ['SOURCE', id] as const),
  ...leadStates.map((id) => ['STATUS', id] as const),
  ...dealStages.map((id) => ['DEAL_STAGE', id] as const),
].map(([entity, id], index) => ({
  ID: String(100 + index * 2),
  ENTITY_ID: entity,
  STATUS_ID: id,
  NAME: id.charAt(0) + id.slice(1).toLowerCase().replaceAll('_', ' '),
  NAME_INIT: '',
  SORT: String((index + 1) * 10),
  SYSTEM: 'Y',
  CATEGORY_ID: null,
  COLOR: '',
  SEMANTICS: ['WON', 'CONVERTED'].includes(id) ? 'S' : ['LOSE', 'JUNK'].includes(id) ? 'F' : null,
}));
