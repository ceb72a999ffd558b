import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkCalls, type Module, type Program, type Side } from './calls.ts';
import { type Method, methodsOf } from './method.ts';
import { kinds, type OwnObject, objectsOf, type Sources } from './objects.ts';
import { tokensOf } from './tokens.ts';
import { all, at, type Element, readXml, textAt } from './xml.ts';

/** Checks the sources of a configuration extension. Returns what is wrong, a line a fault. */
export function checkExtension(
  root: string,
  read = (file: string): string => readFileSync(join(root, file), 'utf8'),
): readonly string[] {
  const sources: Sources = { root, read };
  const faults: string[] = [];
  const inFile = (file: string, message: string) => faults.push(`${file}: ${message}`);
  const objects = objectsOf(sources, inFile);
  const modules = new Map(
    objects.flatMap((object) => moduleOf(sources, object, inFile) ?? []).map((one) => [one.path, one]),
  );
  const common = new Map(
    objects
      .filter(({ kind }) => kind === 'CommonModule')
      .flatMap(({ name, path }) => {
        const module = modules.get(modulePath('CommonModule', path));
        if (module === undefined) inFile(path, 'has no module');
        return module === undefined ? [] : [[name, module] as const];
      }),
  );
  const program: Program = {
    common,
    objects: new Set(objects.map(({ kind, name }) => `${kinds[kind]?.russian ?? kind}.${name}`)),
  };
  for (const module of modules.values())
    for (const method of module.methods)
      checkCalls(module, method, program, (line, message) => inFile(`${module.path}:${line}`, message));
  for (const object of objects) checkHandlers(sources, object, objects, modules, common, inFile);
  checkStrays(root, modules, inFile);
  return faults;
}

type InFile = (file: string, message: string) => void;

/** Where the module of an object is; empty if it has none. */
function modulePath(kind: string, path: string): string {
  const file = {
    CommonModule: 'Module',
    HTTPService: 'Module',
    CommonForm: 'Form/Module',
    CommonCommand: 'CommandModule',
  }[kind];
  return file === undefined ? '' : `${path}/Ext/${file}.bsl`;
}

function moduleOf(sources: Sources, { kind, path, properties }: OwnObject, inFile: InFile): Module | null {
  const file = modulePath(kind, path);
  if (file === '' || !existsSync(join(sources.root, file))) return null;
  const fault = (line: number, message: string) => inFile(`${file}:${line}`, message);
  const methods = methodsOf(tokensOf(sources.read(file), fault), fault);
  const hasDirectives = kind === 'CommonForm' || kind === 'CommonCommand';
  const seen = new Set<string>();
  for (const { name, line, directive } of methods) {
    if (seen.has(name)) fault(line, `${name} is defined twice`);
    seen.add(name);
    if (hasDirectives !== (directive !== null))
      fault(
        line,
        hasDirectives ? `${name} has no directive` : `${name} has ${directive}, which this module does not need`,
      );
    if (directive !== null && !['&НаКлиенте', '&НаСервере', '&НаСервереБезКонтекста'].includes(directive))
      fault(line, `unknown directive ${directive}`);
  }
  const is = (name: string) => textAt(properties, name) === 'true';
  const side: Side = is('ClientManagedApplication') ? 'client' : is('ServerCall') ? 'serverCall' : 'server';
  const attributes = kind === 'CommonForm' ? formAttributes(sources, path) : [];
  return {
    path: file,
    methods,
    context: new Set(attributes),
    side: hasDirectives ? null : side,
    external: is('ExternalConnection'),
  };
}

function formAttributes(sources: Sources, path: string): readonly string[] {
  const form = formOf(sources, path);
  return (at(form, 'Attributes')?.children ?? []).flatMap(({ attributes }) => attributes.name ?? []);
}

function formOf({ root, read }: Sources, path: string): Element | null {
  const file = `${path}/Ext/Form.xml`;
  return existsSync(join(root, file)) ? readXml(read(file)) : null;
}

function checkHandlers(
  sources: Sources,
  { kind, name, path, properties, element }: OwnObject,
  objects: readonly OwnObject[],
  modules: ReadonlyMap<string, Module>,
  common: ReadonlyMap<string, Module>,
  inFile: InFile,
): void {
  const own = modules.get(modulePath(kind, path))?.methods ?? [];
  const expect = (methods: readonly Method[], handler: string, parameters: number, exported = false) => {
    const found = methods.find((one) => one.name === handler);
    if (found === undefined) inFile(path, `there is no handler ${handler}`);
    else if (found.parameters.length !== parameters)
      inFile(path, `${handler} takes ${found.parameters.length} parameters, expected ${parameters}`);
    else if (exported && !found.isExported) inFile(path, `${handler} is not exported`);
  };
  const inCommon = (full: string, parameters: number) => {
    const [, module = '', method = ''] = full.split('.');
    expect(common.get(module)?.methods ?? [], method, parameters, true);
  };
  if (kind === 'HTTPService') {
    const templates = all(element, 'Template').map(({ text }) => text);
    if (new Set(templates).size < templates.length) inFile(path, 'has the same template twice');
    for (const { text } of all(element, 'Handler')) expect(own, text, 1);
  }
  if (kind === 'EventSubscription') inCommon(textAt(properties, 'Handler'), 2);
  if (kind === 'ScheduledJob') {
    inCommon(textAt(properties, 'MethodName'), 0);
    readXml(sources.read(`${path}/Ext/Schedule.xml`));
  }
  if (kind === 'CommonCommand') expect(own, 'ОбработкаКоманды', 2);
  if (kind === 'CommonForm') checkForm(sources, path, own, expect, inFile);
  if (kind === 'Role') checkRole(sources, path, objects, inFile);
  if (kind === 'Subsystem')
    for (const { text } of all(element, 'Item'))
      if (!exists(text, objects)) inFile(path, `there is no ${text} (${name})`);
}

/** Parameters of the events that our forms handle. */
const eventParameters: Readonly<Record<string, number>> = { OnOpen: 1, OnCreateAtServer: 2 };

function checkForm(
  sources: Sources,
  path: string,
  own: readonly Method[],
  expect: (methods: readonly Method[], handler: string, parameters: number) => void,
  inFile: InFile,
): void {
  const form = formOf(sources, path);
  if (form === null) return inFile(path, 'has no Form.xml');
  for (const { attributes, text } of all(form, 'Event')) expect(own, text, eventParameters[attributes.name ?? ''] ?? 1);
  for (const { text } of all(form, 'Action')) expect(own, text, 1);
  const commands = new Set((at(form, 'Commands')?.children ?? []).map(({ attributes }) => attributes.name));
  for (const { text } of all(form, 'CommandName'))
    if (!commands.has(text.replace(/^Form\.Command\./, ''))) inFile(path, `there is no command ${text}`);
  const fields = new Map(
    (at(form, 'Attributes')?.children ?? []).map((one) => [
      one.attributes.name,
      new Set((at(one, 'Columns')?.children ?? []).map(({ attributes }) => attributes.name)),
    ]),
  );
  for (const { text } of all(form, 'DataPath')) {
    const [field, column] = text.split('.');
    const columns = fields.get(field);
    if (columns === undefined || (column !== undefined && !columns.has(column)))
      inFile(path, `there is no attribute ${text}`);
  }
  const items = [at(form, 'AutoCommandBar'), at(form, 'ChildItems')].flatMap((one) => (one === null ? [] : named(one)));
  for (const key of ['id', 'name'] as const) {
    const values = items.map((one) => one[key]);
    if (new Set(values).size < values.length) inFile(path, `two elements have the same ${key}`);
  }
  const waiting = own.flatMap(({ body }) =>
    body.flatMap(({ text }, index) =>
      text === 'ПодключитьОбработчикОжидания' ? [body[index + 2]?.text.slice(1, -1) ?? ''] : [],
    ),
  );
  for (const handler of waiting) expect(own, handler, 0);
}

function named(element: Element): readonly { readonly id: string; readonly name: string }[] {
  const { id, name } = element.attributes;
  const own = id !== undefined && name !== undefined && id !== '-1' ? [{ id, name }] : [];
  return [...own, ...element.children.flatMap(named)];
}

function checkRole(sources: Sources, path: string, objects: readonly OwnObject[], inFile: InFile): void {
  const rights = readXml(sources.read(`${path}/Ext/Rights.xml`));
  for (const object of rights.children.filter(({ name }) => name === 'object')) {
    const name = textAt(object, 'name');
    if (!exists(name, objects)) inFile(path, `there is no ${name}`);
    if (at(object, 'right') === null) inFile(path, `${name} has no rights`);
  }
}

/** Whether a full name is that of an object of ours, or of a method of an HTTP service. */
function exists(full: string, objects: readonly OwnObject[]): boolean {
  const [kind, name, , template, , method] = full.split('.');
  const object = objects.find((one) => one.kind === kind && one.name === name);
  if (object === undefined || template === undefined) return object !== undefined;
  const found = all(object.element, 'URLTemplate').find((one) => textAt(one, 'Properties', 'Name') === template);
  return found !== undefined && all(found, 'Method').some((one) => textAt(one, 'Properties', 'Name') === method);
}

function checkStrays(root: string, modules: ReadonlyMap<string, Module>, inFile: InFile): void {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = relative(root, join(entry.parentPath, entry.name));
    if (file.endsWith('.bsl') && !modules.has(file)) inFile(file, 'belongs to no object');
  }
}
