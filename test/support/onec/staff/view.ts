import type { Infobase } from '../infobase.ts';
import { type Row, rowsIn, setOfType, textIn, typeNameOf } from '../store/values.ts';

const subjects = 'InformationRegister_ПредметыПапкиВзаимодействий';

/** What stands in the history of a client. */
export interface HistoryItem {
  /** `ТелефонныйЗвонок`, `Событие` … */
  readonly kind: string;
  readonly key: string;
  readonly at: string;
  readonly row: Row;
  /** Рассмотрено; null where the base keeps no mark for it. */
  readonly considered: boolean | null;
  /** What it is about, as `Catalog_…/key`. */
  readonly subject: string | null;
}

/** What people see who work in 1C. */
export class View {
  readonly #base: Infobase;

  constructor(base: Infobase) {
    this.#base = base;
  }

  /** All documents of a kind, those marked for deletion too, in the order of their dates. */
  documents(kind: string): readonly Row[] {
    return byDate([...this.#base.store(`Document_${kind}`).rows()]);
  }

  /** All items of a catalog. */
  items(kind: string): readonly Row[] {
    return [...this.#base.store(`Catalog_${kind}`).rows()];
  }

  /** All records of an information register. */
  records(kind: string): readonly Row[] {
    return [...this.#base.store(`InformationRegister_${kind}`).rows()];
  }

  /** One object. */
  object(set: string, key: string): Row | null {
    return this.#base.find(set, key);
  }

  /** The mark and the subject of an interaction, as its list shows them. */
  subjectOf(set: string, key: string): { readonly considered: boolean | null; readonly subject: string | null } {
    if (!this.#base.schema.has(subjects)) return { considered: null, subject: null };
    const store = this.#base.store(subjects);
    const record = store.get(store.keyOf({ Взаимодействие: key, Взаимодействие_Type: typeNameOf(set) }));
    if (record === null) return { considered: false, subject: null };
    const subject = setOfType(record.Предмет_Type);
    return {
      considered: record.Рассмотрено === true,
      subject: subject === null ? null : `${subject}/${textIn(record, 'Предмет')}`,
    };
  }

  /** The documents in which a client or one of its contact persons takes part, without those marked for deletion. */
  history(client: string): readonly HistoryItem[] {
    const keys = new Set([client, ...this.personsOf(client)]);
    const found = this.#base.schema.entities
      .filter(({ kind }) => kind === 'document')
      .flatMap(({ set, sections }) =>
        [...this.#base.store(set).rows()]
          .filter((row) => row.DeletionMark !== true)
          .filter((row) =>
            [row, ...[...sections.keys()].flatMap((name) => rowsIn(row, name))].some((one) => mentions(one, keys)),
          )
          .map((row) => {
            const key = textIn(row, 'Ref_Key');
            return {
              kind: set.slice('Document_'.length),
              key,
              at: textIn(row, 'Date'),
              row,
              ...this.subjectOf(set, key),
            };
          }),
      );
    return found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  /** The contact persons of a client. */
  personsOf(client: string): readonly string[] {
    const links = 'InformationRegister_СвязиКонтрагентКонтакт';
    if (this.#base.schema.has(links))
      return [...this.#base.store(links).rows()]
        .filter((row) => row.Контрагент_Key === client)
        .map((row) => textIn(row, 'Контакт_Key'));
    return ['Catalog_КонтактныеЛицаПартнеров', 'Catalog_КонтактныеЛица']
      .filter((set) => this.#base.schema.has(set))
      .flatMap((set) => [...this.#base.store(set).rows()])
      .filter((row) => row.Owner_Key === client || row.Owner === client)
      .map((row) => textIn(row, 'Ref_Key'));
  }
}

function mentions(row: Row, keys: ReadonlySet<string>): boolean {
  return Object.values(row).some((value) => typeof value === 'string' && keys.has(value));
}

function byDate(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) =>
    textIn(a, 'Date') < textIn(b, 'Date') ? -1 : textIn(a, 'Date') > textIn(b, 'Date') ? 1 : 0,
  );
}
