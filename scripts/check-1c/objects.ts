import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { all, at, type Element, readXml, textAt } from './xml.ts';

/** An object of the extension. */
export interface OwnObject {
  /** The element: `CommonModule`. */
  readonly kind: string;
  readonly name: string;
  /** Without `.xml`. */
  readonly path: string;
  readonly properties: Element;
  readonly element: Element;
}

/** Folders by kind, and the Russian name of the kind. */
export const kinds: Readonly<Record<string, { readonly folder: string; readonly russian: string }>> = {
  Language: { folder: 'Languages', russian: 'Язык' },
  Subsystem: { folder: 'Subsystems', russian: 'Подсистема' },
  Role: { folder: 'Roles', russian: 'Роль' },
  CommonModule: { folder: 'CommonModules', russian: 'ОбщийМодуль' },
  EventSubscription: { folder: 'EventSubscriptions', russian: 'ПодпискаНаСобытие' },
  ScheduledJob: { folder: 'ScheduledJobs', russian: 'РегламентноеЗадание' },
  HTTPService: { folder: 'HTTPServices', russian: 'HTTPСервис' },
  CommonForm: { folder: 'CommonForms', russian: 'ОбщаяФорма' },
  CommonCommand: { folder: 'CommonCommands', russian: 'ОбщаяКоманда' },
  Constant: { folder: 'Constants', russian: 'Константа' },
  InformationRegister: { folder: 'InformationRegisters', russian: 'РегистрСведений' },
};

/** The extension's folder, and how its files are read. */
export interface Sources {
  readonly root: string;
  /** Reads a file by its path in the folder. */
  readonly read: (file: string) => string;
}

/** Reads all objects, and checks that Configuration.xml and the files name the same, with unique ids and the prefix. */
export function objectsOf(
  { root, read: readFile }: Sources,
  fault: (file: string, message: string) => void,
): readonly OwnObject[] {
  const read = (file: string): Element | null => {
    try {
      return readXml(readFile(file));
    } catch (error) {
      fault(file, error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  const configuration = at(read('Configuration.xml'), 'Configuration');
  const prefix = textAt(configuration, 'Properties', 'NamePrefix');
  const listed = (at(configuration, 'ChildObjects')?.children ?? []).map(({ name, text }) => ({
    kind: name,
    name: text,
  }));
  const files = Object.entries(kinds).flatMap(([kind, { folder }]) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((file) => file.endsWith('.xml'))
          .map((file) => ({ kind, name: file.slice(0, -4) }))
      : [],
  );
  const keyOf = ({ kind, name }: { kind: string; name: string }) => `${kind}.${name}`;
  const names = new Set(listed.map(keyOf));
  for (const one of files) if (!names.has(keyOf(one))) fault('Configuration.xml', `does not list ${keyOf(one)}`);
  if (names.size < listed.length) fault('Configuration.xml', 'lists an object twice');
  const objects = listed.flatMap(({ kind, name }) => {
    const path = `${kinds[kind]?.folder ?? kind}/${name}`;
    const element = at(read(`${path}.xml`), kind);
    const properties = at(element, 'Properties');
    if (element === null || properties === null) return [];
    if (textAt(properties, 'Name') !== name) fault(`${path}.xml`, `is named ${textAt(properties, 'Name')}`);
    if (kind !== 'Language' && !name.startsWith(prefix)) fault(`${path}.xml`, `does not begin with ${prefix}`);
    return [{ kind, name, path, properties, element }];
  });
  checkIds([...objects.map(({ element }) => element), ...(configuration === null ? [] : [configuration])], fault);
  return objects;
}

function checkIds(elements: readonly Element[], fault: (file: string, message: string) => void): void {
  const seen = new Set<string>();
  const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const idsOf = (element: Element): readonly string[] => [
    ...(element.attributes.uuid === undefined ? [] : [element.attributes.uuid]),
    ...element.children.flatMap(idsOf),
  ];
  const ids = elements.flatMap((element) => [
    ...idsOf(element),
    ...['TypeId', 'ValueId', 'ObjectId'].flatMap((name) => all(element, name).map(({ text }) => text)),
  ]);
  for (const id of ids) {
    if (!guid.test(id)) fault('Configuration.xml', `${id} is not a UUID`);
    if (seen.has(id)) fault('Configuration.xml', `the UUID ${id} is used twice`);
    seen.add(id);
  }
}
