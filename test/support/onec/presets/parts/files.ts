import { catalog, type ObjectDescription, register } from '../../metadata/description.ts';
import { anyOf, date, long, oneOf, ref, storage, text } from '../../metadata/types.ts';

/** Where attached files lie when 1C keeps them in the infobase. */
export function fileStores(owners: readonly string[]): readonly ObjectDescription[] {
  const files = owners.map((owner) => fileCatalogOf(owner));
  return [
    catalog('ХранилищеДвоичныхДанных', {
      codeLength: 0,
      nameLength: 150,
      attributes: { ДвоичныеДанные: storage, Хеш: text(64), Размер: long },
    }),
    ...owners.map((owner) => attachedFiles(owner)),
    register(
      'ХранилищеФайлов',
      { Файл: files.length === 1 ? ref(files[0] ?? '') : anyOf(files) },
      { ХранилищеДвоичныхДанных: ref('Catalog_ХранилищеДвоичныхДанных') },
    ),
  ];
}

/** The catalog of the files attached to objects of an owner such as `Document_ТелефонныйЗвонок`. */
export function fileCatalogOf(owner: string): string {
  return `Catalog_${owner.split('_')[1] ?? ''}ПрисоединенныеФайлы`;
}

function attachedFiles(owner: string): ObjectDescription {
  return catalog(fileCatalogOf(owner).slice('Catalog_'.length), {
    codeLength: 0,
    nameLength: 150,
    attributes: {
      Автор: ref('Catalog_Пользователи'),
      ВладелецФайла: ref(owner),
      ДатаМодификацииУниверсальная: date,
      ДатаСоздания: date,
      Описание: text(),
      ПутьКФайлу: text(),
      Размер: long,
      Расширение: text(10),
      ТипХраненияФайла: oneOf('ТипыХраненияФайлов', ['ВИнформационнойБазе', 'ВТомахНаДиске']),
      ФайлХранилище: storage,
    },
  });
}

/** What no source confirms of them. */
export const unverifiedFiles: Readonly<Record<string, string>> = {
  Catalog_ХранилищеДвоичныхДанных: 'known only from programs that write it over OData; lengths are guessed',
  InformationRegister_ХранилищеФайлов: 'known only from programs that write it over OData',
  'Catalog_ТелефонныйЗвонокПрисоединенныеФайлы.Автор': 'composite in БСП, with an account for synchronisation',
};
