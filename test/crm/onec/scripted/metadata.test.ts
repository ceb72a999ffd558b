import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { Schema } from '../../../support/onec/metadata/schema.ts';
import { type PresetName, presets } from '../../../support/onec/presets/presets.ts';
import { OnecClient } from './client.ts';
import { start } from './start.ts';

describe('$metadata', () => {
  it.each(Object.keys(presets) as PresetName[])(
    'of %s is sound: keys, types, references and sets exist',
    async (preset) => {
      const { client } = await start({ preset });
      const { status, text, headers } = await client.get('$metadata');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('xml');
      const { types, sets, ends, navigations, associations } = readEdmx(text);
      for (const [name, { keys, properties }] of types) {
        expect(keys.length, name).toBeGreaterThan(0);
        for (const key of keys) expect([...properties.keys()], name).toContain(key);
      }
      for (const set of sets) expect([...types.keys()]).toContain(set);
      for (const end of ends) expect([...types.keys()]).toContain(end);
      for (const navigation of navigations) expect(associations).toContain(navigation);
    },
  );

  it('names types and lengths as 1C does', async () => {
    const { client } = await start();
    const { types } = readEdmx((await client.get('$metadata')).text);
    const call = types.get('Document_ТелефонныйЗвонок')?.properties;
    expect(call?.get('АбонентКакСвязаться')).toEqual({ type: 'Edm.String', maxLength: '100' });
    expect(call?.get('Тема')).toEqual({ type: 'Edm.String', maxLength: '1024' });
    expect(call?.get('Описание')).toEqual({ type: 'Edm.String', maxLength: undefined });
    expect(call?.get('Date')).toEqual({ type: 'Edm.DateTime', maxLength: undefined });
    expect(call?.get('АбонентКонтакт')?.type).toBe('Edm.String');
    expect(call?.get('АбонентКонтакт_Type')?.type).toBe('Edm.String');
    expect(call?.get('Ответственный_Key')?.type).toBe('Edm.Guid');
    expect(types.get('Catalog_Партнеры_КонтактнаяИнформация')?.keys).toEqual(['Ref_Key', 'LineNumber']);
    expect(types.get('InformationRegister_ПредметыПапкиВзаимодействий')?.keys).toEqual([
      'Взаимодействие',
      'Взаимодействие_Type',
    ]);
  });

  it('differs between configurations as they do', async () => {
    const setsOf = (name: PresetName) => new Schema(presets[name]).entities.map(({ set }) => set);
    expect(setsOf('ut11')).toContain('Catalog_СделкиСКлиентами');
    expect(setsOf('unf')).toContain('Document_Событие');
    expect(setsOf('unf')).not.toContain('Document_ТелефонныйЗвонок');
    expect(setsOf('crm3')).not.toContain('Catalog_Контрагенты');
    expect(setsOf('crm3-in-ut')).toEqual(expect.arrayContaining(['Catalog_Контрагенты', 'Document_CRM_Интерес']));
    expect(setsOf('bp3')).not.toContain('Catalog_Партнеры');
    const length = (name: PresetName) => {
      const property = new Schema(presets[name])
        .find('Document_ЭлектронноеПисьмоВходящее')
        ?.properties.byName.get('ИдентификаторСообщения');
      return property?.attribute.kind === 'string' ? property.attribute.maxLength : null;
    };
    expect([length('ut11'), length('crm3')]).toEqual([255, 200]);
  });

  it('does without attributes, renames them, and shortens them', async () => {
    const { client } = await start({
      changes: {
        without: ['Document_СообщениеSMS', 'Catalog_Партнеры.КонтактнаяИнформация.НомерТелефона'],
        renamed: { 'Catalog_Партнеры.ОсновнойМенеджер': 'Менеджер' },
        lengths: { 'Document_ТелефонныйЗвонок.Тема': 150 },
      },
    });
    const { types } = readEdmx((await client.get('$metadata')).text);
    expect(types.has('Document_СообщениеSMS')).toBe(false);
    expect([...(types.get('Catalog_Партнеры')?.properties.keys() ?? [])]).toContain('Менеджер_Key');
    expect([...(types.get('Catalog_Партнеры')?.properties.keys() ?? [])]).not.toContain('ОсновнойМенеджер_Key');
    expect(types.get('Document_ТелефонныйЗвонок')?.properties.get('Тема')?.maxLength).toBe('150');
    const contacts = types.get('Catalog_Партнеры_КонтактнаяИнформация')?.properties;
    expect(contacts?.has('НомерТелефона')).toBe(false);
    expect(await client.get('Document_СообщениеSMS')).toMatchObject({
      status: 404,
      body: { 'odata.error': { code: '8' } },
    });
    await expect(start({ changes: { without: ['Catalog_Партнеры.Нет'] } })).rejects.toThrow(
      'has no Catalog_Партнеры.Нет',
    );
  });

  it('is refused as JSON', async () => {
    const { onec, client } = await start();
    expect(await client.get('$metadata', { $format: 'json' })).toMatchObject({
      status: 406,
      body: { 'odata.error': { code: '3' } },
    });
    expect(await new OnecClient(onec).get('')).toMatchObject({ status: 200 });
  });
});

it.each(Object.values(presets))('every doubt of $name names something that it has', (preset) => {
  const schema = new Schema(preset);
  for (const address of Object.keys(preset.unverified)) {
    const [set = '', attribute] = address.split('.');
    const entity = schema.find(set);
    expect(entity, address).not.toBeNull();
    if (attribute !== undefined)
      expect(
        entity?.properties.list.some(({ base }) => base === attribute),
        address,
      ).toBe(true);
  }
});

interface EdmType {
  readonly keys: string[];
  readonly properties: Map<string, { readonly type: string | undefined; readonly maxLength: string | undefined }>;
}

function readEdmx(text: string) {
  const types = new Map<string, EdmType>();
  const [sets, ends, navigations, associations]: [string[], string[], string[], string[]] = [[], [], [], []];
  let current: EdmType | null = null;
  const local = (name = '') => name.replace('StandardODATA.', '');
  const parser = new Parser(
    {
      onopentag(tag, { Name = '', Type, MaxLength, EntityType, Relationship }) {
        if (tag === 'EntityType') {
          current = { keys: [], properties: new Map() };
          types.set(Name, current);
        }
        if (tag === 'ComplexType') current = null;
        if (tag === 'PropertyRef') current?.keys.push(Name);
        if (tag === 'Property') current?.properties.set(Name, { type: Type, maxLength: MaxLength });
        if (tag === 'EntitySet') sets.push(local(EntityType));
        if (tag === 'End') ends.push(local(Type));
        if (tag === 'Association') associations.push(Name);
        if (tag === 'NavigationProperty') navigations.push(local(Relationship));
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
  return { types, sets, ends, navigations, associations };
}
