import { reason } from '../../../domain/reasons/reasons.ts';
import { fields, id, list, word } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { ReadUser, UserReading } from '../../shared/remote-users.ts';
import type { Base, CallOptions } from '../api/base.ts';
import { service } from '../api/errors.ts';
import { referenceOf } from '../api/literals.ts';
import { emailOf, internalNumberOf } from '../directory/contact-information.ts';
import type { Mapping } from '../metadata/mapping.ts';
import { type PageOrder, type PageRow, readPages } from '../paging.ts';
import { staffId } from './staff-id.ts';

const page = 500;
/** Records of a register, which has no order to read pages by. */
const maxRecords = 20_000;

const userSet = 'Catalog_Пользователи';
const section = 'КонтактнаяИнформация';

/** Reads the users, and in УНФ the employees who are users. */
export async function readUsers(
  base: Base,
  mapping: Mapping,
  order: PageOrder,
  options: CallOptions,
): Promise<UserReading> {
  const { staff } = mapping.preset;
  const rows = await allOf(base, userSet, usersSelect(mapping), order, options);
  // A base has users: an answer without any is none.
  if (rows.length === 0) throw new ServiceError('later', reason('answerUnclear', { service }));
  const extensions =
    staff.extensions !== null && mapping.hasSet(staff.extensions)
      ? await extensionsOf(base, staff.extensions, options)
      : null;
  // Without the right to see contact information, it looks empty for everybody.
  const seesContacts = rows.some((row) => list(row.fields[section]).length > 0);
  const users = rows.map((row) => readUser(row, extensions, seesContacts));
  if (staff.employees === null) return { users: users.filter(isPerson).map(({ read }) => read), isComplete: true };
  const employees = await allOf(base, staff.responsible, employeesSelect(mapping, staff.responsible), order, options);
  const links = await linksOf(base, staff.employees, options);
  return { users: employeesOf(employees, links, new Map(users.map((user) => [user.key, user]))), isComplete: true };
}

interface FoundUser {
  readonly key: string;
  readonly isService: boolean;
  readonly read: ReadUser;
}

function isPerson({ isService }: FoundUser): boolean {
  return !isService;
}

function readUser(
  { key, fields: own }: PageRow,
  extensions: ReadonlyMap<string, string> | null,
  seesContacts: boolean,
) {
  const contacts = list(own[section]).map(fields);
  const internal = internalNumberOf(contacts);
  const hasContacts = contacts.length > 0 || seesContacts;
  const read: ReadUser = {
    id: staffId({ responsible: key, user: key }),
    name: word(own.Description) ?? undefined,
    extension: extensions?.get(key) ?? internal ?? (hasContacts || extensions !== null ? null : undefined),
    email: hasContacts ? emailOf(contacts) : undefined,
    isActive: own.DeletionMark !== true && own.Недействителен !== true,
  };
  return { key, isService: own.Служебный === true, read };
}

/** Employees under their own references, with what is known of their users. */
function employeesOf(
  employees: readonly PageRow[],
  links: ReadonlyMap<string, string>,
  users: ReadonlyMap<string, FoundUser>,
): readonly ReadUser[] {
  return employees.map(({ key, fields: own }) => {
    const user = users.get(links.get(key) ?? '');
    return {
      id: staffId({ responsible: key, user: user?.key ?? null }),
      name: word(own.Description) ?? user?.read.name,
      extension: user === undefined ? null : user.read.extension,
      email: user === undefined ? null : user.read.email,
      isActive: own.DeletionMark !== true && own.Недействителен !== true && user?.read.isActive !== false,
    };
  });
}

async function allOf(
  base: Base,
  set: string,
  select: readonly string[],
  order: PageOrder,
  options: CallOptions,
): Promise<readonly PageRow[]> {
  const rows: PageRow[] = [];
  for await (const found of readPages(base, set, { select, top: page }, order, options)) rows.push(...found);
  return rows;
}

async function extensionsOf(base: Base, set: string, options: CallOptions): Promise<ReadonlyMap<string, string>> {
  const records = await base.list(set, { select: ['Пользователь_Key', 'ВнутреннийНомер'], top: maxRecords }, options);
  return new Map(
    records.flatMap((record) => {
      const [user, extension] = [referenceOf(record.Пользователь_Key), id(record.ВнутреннийНомер)?.trim()];
      return user === null || extension === undefined || extension === '' ? [] : [[user, extension] as const];
    }),
  );
}

/** Users by employee. */
async function linksOf(base: Base, set: string, options: CallOptions): Promise<ReadonlyMap<string, string>> {
  const records = await base.list(set, { select: ['Сотрудник_Key', 'Пользователь_Key'], top: maxRecords }, options);
  return new Map(
    records.flatMap((record) => {
      const [employee, user] = [referenceOf(record.Сотрудник_Key), referenceOf(record.Пользователь_Key)];
      return employee === null || user === null ? [] : [[employee, user] as const];
    }),
  );
}

function usersSelect(mapping: Mapping): readonly string[] {
  const optional = mapping.has(userSet, 'Служебный') ? ['Служебный'] : [];
  return ['Description', 'DeletionMark', 'Недействителен', ...optional, section];
}

function employeesSelect(mapping: Mapping, set: string): readonly string[] {
  return ['Description', 'DeletionMark', ...(mapping.has(set, 'Недействителен') ? ['Недействителен'] : [])];
}
