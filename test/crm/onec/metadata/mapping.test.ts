import { describe, expect, it } from 'vitest';
import { examineBase } from '../../../../src/crm/onec/connect/examine.ts';
import { missingText } from '../../../../src/crm/onec/metadata/mapping.ts';
import { readEdmx } from '../../../../src/crm/onec/metadata/read-edmx.ts';
import { patience } from '../../../support/directory-reading.ts';
import { edmxOf } from '../../../support/onec/metadata/edmx.ts';
import { Schema } from '../../../support/onec/metadata/schema.ts';
import { presets } from '../../../support/onec/presets/presets.ts';
import { openOnec } from '../directory/reading.ts';
import { openBase, signal } from '../open-base.ts';

type PresetName = keyof typeof presets;

describe('the metadata of a base', () => {
  it.each(Object.keys(presets) as PresetName[])('%s has all that its preset needs', async (preset) => {
    const { open } = await openBase({ preset });
    const parts = open();
    const mapping = await parts.metadata.mapping(signal());
    expect(mapping.missing.filter(({ isOptional }) => !isOptional).map(missingText)).toEqual([]);
    const findings = await examineBase(parts, signal());
    expect(findings.filter(({ ok, what }) => !ok && what !== 'base: managers and users')).toEqual([]);
    expect(findings.find(({ what }) => what === 'base: configuration')?.ok).toBe(true);
  });

  it('names everything that a release has renamed, taken away or changed, one by one', async () => {
    const { open, onec } = await openBase({
      changes: {
        without: ['Document_ЭлектронноеПисьмоИсходящее', 'Catalog_КонтактныеЛицаПартнеров.КонтактнаяИнформация'],
        renamed: {
          'Catalog_Партнеры.ОсновнойМенеджер': 'ГлавныйМенеджер',
          'Catalog_Контрагенты.КонтактнаяИнформация.НомерТелефона': 'Номер',
        },
        lengths: {
          'Document_ТелефонныйЗвонок.АбонентКонтакт': 50,
          'Document_ЭлектронноеПисьмоВходящее.ИдентификаторСообщения': 20,
        },
      },
    });
    const { metadata } = open();
    const mapping = await metadata.mapping(signal());
    expect(mapping.missing.filter(({ isOptional }) => !isOptional).map(missingText)).toEqual([
      'Catalog_Партнеры.ОсновнойМенеджер',
      'Catalog_КонтактныеЛицаПартнеров.КонтактнаяИнформация',
      'Catalog_Контрагенты.КонтактнаяИнформация.НомерТелефона',
      'Document_ТелефонныйЗвонок.АбонентКонтакт (Edm.String)',
      'Document_ЭлектронноеПисьмоВходящее.ИдентификаторСообщения (20 < 100)',
      'Document_ЭлектронноеПисьмоИсходящее',
    ]);
    await expect(metadata.using(signal(), ['letters'], async () => 'done')).rejects.toMatchObject({
      trouble: 'access',
      reason: { code: 'baseDiffers' },
    });
    await expect(metadata.using(signal(), ['messages'], async () => 'done')).resolves.toBe('done');
    expect(onec.state.counts.get('GET $metadata')).toBe(1);
  });

  it('tells a reference that has become composite', async () => {
    const { open } = await openBase({ preset: 'bp3' });
    const mapping = await open({ preset: 'ut11' }).metadata.mapping(signal());
    expect(mapping.missingFor('clients').map(missingText)).toContain('Catalog_Партнеры');
    const unf = await openBase({ preset: 'unf' });
    const findings = await examineBase(unf.open({ preset: 'ut11' }), signal());
    expect(findings.find(({ what }) => what === 'base: configuration')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('preset unf'),
    });
  });

  it('gives the lengths that texts are cut to', async () => {
    const { open } = await openBase({ preset: 'crm3' });
    const mapping = await open().metadata.mapping(signal());
    expect(mapping.maxLength('Document_ЭлектронноеПисьмоВходящее', 'ИдентификаторСообщения')).toBe(200);
    expect(mapping.maxLength('Document_ТелефонныйЗвонок', 'Описание')).toBeNull();
    expect(mapping.has('Document_ТелефонныйЗвонок', 'сфпСостояниеЗвонка')).toBe(true);
    expect(mapping.has('Catalog_Партнеры', 'ОсновнойМенеджер')).toBe(true);
  });

  it('is read once, daily, and after an error that smells of a renamed attribute', async () => {
    const { open, onec, clock } = await openBase();
    const readings = () => onec.state.counts.get('GET $metadata') ?? 0;
    await open().metadata.mapping(signal());
    const { metadata, base } = open();
    await metadata.mapping(signal());
    expect(readings()).toBe(1);
    clock.pass(25 * 3600);
    await metadata.mapping(signal());
    expect(readings()).toBe(2);
    clock.pass(120);
    const wrong = () =>
      metadata.using(signal(), ['clients'], () =>
        base.list('Catalog_Партнеры', { select: ['Нет'] }, { signal: signal() }),
      );
    await expect(wrong()).rejects.toMatchObject({ code: '10' });
    await expect(wrong()).rejects.toMatchObject({ code: '10' });
    expect(readings()).toBe(3);
  });

  it('is not taken for changed when only a part of it arrives', async () => {
    const { open, onec, clock } = await openBase();
    const { metadata } = open();
    await metadata.mapping(signal());
    clock.pass(25 * 3600);
    for (const fault of ['malformed', 'login-page', 'cut-after', 'empty'] as const) {
      onec.faults.on('GET $metadata', fault);
      expect((await metadata.mapping(signal())).missingFor('clients')).toEqual([]);
      clock.pass(600);
    }
    expect(onec.faults.happened).toHaveLength(4);
    const fresh = await openBase();
    fresh.onec.faults.on('GET $metadata', 'malformed');
    await expect(fresh.open().metadata.mapping(signal())).rejects.toMatchObject({
      reason: { code: 'metadataUnreadable' },
    });
  });
});

describe('$metadata as a stream', () => {
  const wanted = {
    sets: new Map([['Catalog_Партнеры', ['КонтактнаяИнформация']]]),
    marks: new Set(['Catalog_Контрагенты']),
  };
  const document = Buffer.from(edmxOf(new Schema(presets.ut11)));

  async function* pieces(bytes: Buffer, size: number) {
    for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
  }

  it('is read however it is cut into pieces, and only what is wanted is kept', async () => {
    const whole = await readEdmx(pieces(document, document.byteLength), wanted);
    expect(await readEdmx(pieces(document, 1021), wanted)).toEqual(whole);
    expect(Object.keys(whole.objects)).toEqual(['Catalog_Партнеры']);
    expect(whole.objects.Catalog_Партнеры).toMatchObject({
      ОсновнойМенеджер_Key: ['Edm.Guid', null],
      'КонтактнаяИнформация/НомерТелефона': ['Edm.String', 20],
    });
    expect(whole.marks).toEqual(['Catalog_Контрагенты']);
  });

  it('is refused wherever it ends too early', async () => {
    for (const part of [0.1, 0.5, 0.9, 0.999]) {
      const cut = document.subarray(0, Math.floor(document.byteLength * part));
      await expect(readEdmx(pieces(cut, 4096), wanted)).rejects.toMatchObject({
        reason: { code: 'metadataUnreadable' },
      });
    }
  });
});

describe('a directory whose base lacks something', () => {
  it('waits with the reason, and reads on once it is there', async () => {
    const { read, states, reasons, ids } = await openOnec({
      changes: { renamed: { 'Catalog_Партнеры.ОсновнойМенеджер': 'ГлавныйМенеджер' } },
    });
    read();
    await expect.poll(() => states, patience).toContain('base failed');
    expect(reasons.at(-1)).toMatchObject({
      code: 'baseDiffers',
      values: { missing: ['Catalog_Партнеры.ОсновнойМенеджер'] },
    });
    expect(await ids('base')).toEqual([]);
  });
});
