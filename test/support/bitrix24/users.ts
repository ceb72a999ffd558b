import { listRows } from './crm/list.ts';
import { type Call, type Method, Page } from './method.ts';
import { Parameters } from './parameters.ts';
import type { PortalUser } from './state.ts';
import type { Fields } from './values.ts';

const fields = new Set(
  `ID ACTIVE NAME LAST_NAME SECOND_NAME EMAIL WORK_PHONE PERSONAL_MOBILE PERSONAL_PHONE UF_PHONE_INNER UF_DEPARTMENT WORK_POSITION
  USER_TYPE IS_ONLINE NAME_SEARCH ADMIN`.split(/\s+/),
);
const scopes = ['user', 'user_brief', 'user_basic'] as const;

/** `user.*` and `profile`. */
export const userMethods: readonly Method[] = [
  {
    name: 'user.get',
    scopes,
    parameters: ['sort', 'order', 'FILTER', 'ADMIN_MODE', 'select', 'IMAGE_RESIZE', 'start', 'ID'],
    run: list,
  },
  { name: 'user.current', scopes, parameters: [], run: ({ authority }) => userRow(authority.user) },
  {
    name: 'profile',
    scopes: ['basic'],
    parameters: [],
    run: ({ authority: { user } }) => ({
      ID: String(user.id),
      ADMIN: user.admin === true,
      NAME: user.name,
      LAST_NAME: user.lastName ?? '',
    }),
  },
];

function list({ core, parameters }: Call): Page {
  // `ACTIVE: true` and the row's boolean are both compared as Y or N.
  const { ACTIVE, ...filter } = parameters.fields('FILTER') ?? {};
  const sort = parameters.text('sort');
  const id = parameters.integer('ID');
  const rows = [...core.state.users.values()]
    .filter((user) => ACTIVE === undefined || isActive(user) === ['1', 1, true, 'Y', 'true'].includes(ACTIVE as string))
    .sort((a, b) => a.id - b.id)
    .map(userRow);
  const inner = new Parameters(
    {
      filter: id === null ? filter : { ...filter, ID: id },
      order: sort === null ? {} : { [sort]: parameters.text('order') ?? 'ASC' },
      start: parameters.integer('start') ?? 0,
    },
    ['filter', 'order', 'start'],
    { complain: (text) => parameters.complain(text) },
  );
  const page = listRows(rows, inner, (name) => fields.has(name));
  const select = parameters.list('select')?.map(String);
  if (select === undefined || select.includes('*')) return page;
  const kept = (page.rows as readonly Fields[]).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => select.includes(name))),
  );
  return new Page(kept, page.total, page.next);
}

function isActive(user: PortalUser): boolean {
  return user.active !== false;
}

/** A user as the methods answer it. */
export function userRow(user: PortalUser): Fields {
  return {
    ID: String(user.id),
    ACTIVE: isActive(user),
    NAME: user.name,
    LAST_NAME: user.lastName ?? '',
    EMAIL: user.email ?? '',
    WORK_PHONE: '',
    PERSONAL_MOBILE: user.mobile ?? '',
    UF_DEPARTMENT: [1],
    USER_TYPE: 'employee',
    UF_PHONE_INNER: user.extension ?? null,
  };
}
