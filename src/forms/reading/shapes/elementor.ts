import { type FormObject, type FormShape, objectOf, textOf } from './shape.ts';

/** The fields that Elementor adds at the end, in the languages of its Russian sites. */
const added: ReadonlySet<string> = new Set(
  'date,time,user agent,remote ip,powered by,дата,время,браузер,юзер агент,агент пользователя,удаленный ip,удалённый ip,ip,ip-адрес,работает на,на базе,создано на'.split(
    ',',
  ),
);
const noLabel = 'No Label ';

/** Elementor's simple data: labels and values, with the data of the visit at the end. */
export const elementor: FormShape = {
  service: 'elementor',
  rewrite(body) {
    const entries = Object.entries(body);
    const end = entries.findLastIndex(([, value]) => value === 'Elementor');
    if (end === -1 && !entries.some(([name]) => name.startsWith(noLabel))) return null;
    let start = end + 1;
    const isAdded = (name: string) => added.has(name.toLowerCase()) || /url/i.test(name);
    while (start > 0 && isAdded(entries[start - 1]?.[0] ?? '')) start -= 1;
    return Object.fromEntries(
      entries.flatMap(([name, value], i): [string, unknown][] => {
        if (i >= start && i <= end) return /url/i.test(name) ? [['page_url', value]] : [];
        return [[name.startsWith(noLabel) ? name.slice(noLabel.length) : name, value]];
      }),
    );
  },
};

/** Elementor's advanced data: each field with its id, type, title and value, the data of the visit in `meta`. */
export const elementorAdvanced: FormShape = {
  service: 'elementor',
  rewrite(body) {
    const { form, meta, fields, ...rest } = body;
    const values = objectOf(fields);
    if (objectOf(form) === null || values === null || !Object.values(values).some(isField)) return null;
    const { page_url: page } = (objectOf(meta) ?? {}) as FormObject;
    return { ...rest, fields: values, page_url: textOf(objectOf(page)?.value) };
  },
};

function isField(value: unknown): boolean {
  const field = objectOf(value);
  return field !== null && 'title' in field && 'value' in field;
}
