import type { Infobase } from '../infobase.ts';
import { emptyDate, emptyObject, emptyRef, type Row, textIn, textType } from '../store/values.ts';
import { type Caller, callerFields, callerOf, userOfExtension } from './callers.ts';

const events = 'Document_Событие';
const register = 'InformationRegister_ДанныеЗвонков';
const current = 'InformationRegister_ТекущиеВходящиеЗвонки';
const centre = 'InformationRegister_КонтактЦентрВходящее';

/** What a request of the PBX says of a call. */
export interface CallNews {
  readonly callId: string;
  readonly extension: string;
  readonly phone?: string;
  /** The number of ours that was dialled. */
  readonly line?: string;
}

/** How a call ended. */
export interface CallEnd {
  readonly missed: boolean;
  readonly seconds: number;
  readonly link: string;
}

/** A card that popped up at an employee's. */
export interface Popup {
  readonly user: string;
  readonly phone: string;
  readonly caller: Caller | null;
  readonly callId: string;
}

/** What УНФ's telephony makes of calls: documents Событие and the registers beside them. All times are the server's. */
export class UnfCalls {
  readonly #base: Infobase;
  /** Cards that popped up, oldest first. */
  readonly popups: Popup[] = [];

  constructor(base: Infobase) {
    this.#base = base;
  }

  /** Somebody calls an extension. */
  incoming(news: CallNews): void {
    const phone = plain(news.phone ?? '');
    const caller = callerOf(this.#base, phone);
    const event = this.#eventOf(news.callId) ?? this.#create(news, 'Входящее', phone, caller);
    this.#record(event, { ...news, phone }, 'Входящее', caller);
    const { user } = userOfExtension(this.#base, news.extension) ?? { user: null };
    if (user === null) return;
    this.popups.push({ user, phone, caller, callId: news.callId });
    this.#base.write(this.#base.entity(current), {
      ...emptyObject(this.#base.entity(current)),
      ПользовательКому_Key: user,
      НомерТелефонаАбонента: phone,
      ...callerFields(caller, 'АбонентОтКого'),
      ДатаЗвонка: this.#base.now(),
      Событие_Key: event,
      ВходящееИсходящее: 'Входящее',
      ИдентификаторЗвонкаВАТС: news.callId,
    });
  }

  /** An extension calls somebody. A call that was begun in УНФ waits for it under its number, without an id. */
  outgoing(news: CallNews): void {
    const phone = news.phone ?? '';
    const caller = callerOf(this.#base, phone);
    const event = this.#begun(phone) ?? this.#eventOf(news.callId) ?? this.#create(news, 'Исходящее', phone, caller);
    this.#record(event, { ...news, phone }, 'Исходящее', caller);
  }

  /** A call from УНФ's own button, for an event that exists. */
  begin(event: string, extension: string, phone: string): void {
    this.#record(event, { callId: '', extension, phone: plain(phone) }, 'Исходящее', null);
  }

  /** An extension answered. Without an earlier event nothing happens. */
  accepted(news: CallNews): void {
    const record = this.#recordOf(news.callId);
    if (record === null) return;
    const begun = record.НачалоРазговора === emptyDate ? { НачалоРазговора: this.#base.now() } : {};
    this.#put({ ...withExtension(record, news.extension), ...begun });
  }

  /** A call ended, by an event or by its history. What comes last decides whether it was missed. */
  ended(news: CallNews, { missed, seconds, link }: CallEnd): void {
    const record = this.#recordOf(news.callId);
    if (record === null) return;
    const { employee } = userOfExtension(this.#base, news.extension) ?? { employee: null };
    const wasMissed = record.Неотвеченный === true;
    const ended: Row = {
      ...withExtension(record, news.extension),
      ...(seconds === 0 ? {} : { ДлительностьРазговора: String(seconds) }),
      ...(employee === null ? {} : { Сотрудник_Key: employee }),
      ...(link === '' ? {} : { СсылкаНаЗаписьРазговора: link }),
      ТребуетсяЗапроситьЗаписьРазговора: false,
      Неотвеченный: missed,
      ВызовЗавершен: true,
    };
    this.#put(ended);
    if (!missed || wasMissed || record.ВходящееИсходящее !== 'Входящее') return;
    this.#base.write(this.#base.entity(centre), {
      ...emptyObject(this.#base.entity(centre)),
      Источник: textIn(record, 'Событие_Key'),
      Источник_Type: `StandardODATA.${events}`,
      Ответственный_Key: textIn(ended, 'Сотрудник_Key'),
    });
  }

  /** The event of a call, by its id. */
  #eventOf(callId: string): string | null {
    return textIn(this.#recordOf(callId), 'Событие_Key') || null;
  }

  #recordOf(callId: string): Row | null {
    const found = [...this.#base.store(register).rows()].filter((row) => row.ИдентификаторЗвонкаВАТС === callId);
    return found.sort((a, b) => (textIn(a, 'ДатаСобытия') < textIn(b, 'ДатаСобытия') ? 1 : -1))[0] ?? null;
  }

  #begun(phone: string): string | null {
    for (const row of this.#base.store(register).rows()) {
      const waits =
        row.ИдентификаторЗвонкаВАТС === '' && row.ВызовЗавершен === false && row.ВходящееИсходящее === 'Исходящее';
      if (waits && sameNumber(textIn(row, 'НомерКому'), phone)) return textIn(row, 'Событие_Key');
    }
    return null;
  }

  #create(news: CallNews, direction: string, phone: string, caller: Caller | null): string {
    const now = this.#base.now();
    const { employee } = userOfExtension(this.#base, news.extension) ?? { employee: emptyRef };
    const row = this.#base.create(events, {
      НачалоСобытия: now,
      ОкончаниеСобытия: now,
      ТипСобытия: 'ТелефонныйЗвонок',
      Состояние_Key: this.#finishedState(),
      ВходящееИсходящееСобытие: direction,
      Ответственный_Key: employee,
      Участники: participantsOf(this.#base, caller, phone),
    });
    return textIn(row, 'Ref_Key');
  }

  /** The predefined state «Завершено». */
  #finishedState(): string {
    const set = 'Catalog_СостоянияСобытий';
    for (const row of this.#base.store(set).rows())
      if (row.PredefinedDataName === 'Завершено') return textIn(row, 'Ref_Key');
    return textIn(
      this.#base.create(set, { Description: 'Завершено', Predefined: true, PredefinedDataName: 'Завершено' }),
      'Ref_Key',
    );
  }

  /** Fills in the record of an event, where nothing stands yet. */
  #record(event: string, news: CallNews, direction: string, caller: Caller | null): void {
    const store = this.#base.store(register);
    const known = [...store.rows()].find((row) => row.Событие_Key === event);
    const record = known ?? { ...emptyObject(this.#base.entity(register)), Событие_Key: event };
    // The record of a call that was begun in УНФ has no id yet, and the id is part of its key.
    if (known !== undefined) store.remove(store.keyOf(known));
    const isNew = textIn(record, 'Контрагент') === '';
    const way = textIn(record, 'ВходящееИсходящее') || direction;
    const [own, other] = way === 'Входящее' ? ['НомерКому', 'НомерОтКого'] : ['НомерОтКого', 'НомерКому'];
    this.#put({
      ...record,
      ИдентификаторЗвонкаВАТС: textIn(record, 'ИдентификаторЗвонкаВАТС') || news.callId,
      ДатаСобытия: record.ДатаСобытия === emptyDate ? this.#base.now() : (record.ДатаСобытия as string),
      ВходящееИсходящее: way,
      ...(isNew ? callerFields(caller, 'Контрагент') : {}),
      НомерОрганизации: textIn(record, 'НомерОрганизации') || (news.line ?? ''),
      [own]: news.extension || textIn(record, own),
      [other]: textIn(record, other) || (news.phone ?? ''),
    });
  }

  #put(row: Row): void {
    this.#base.write(this.#base.entity(register), row);
  }
}

/** The extension that spoke last stands in the record. */
function withExtension(record: Row, extension: string): Row {
  if (extension === '') return record;
  return { ...record, [record.ВходящееИсходящее === 'Входящее' ? 'НомерКому' : 'НомерОтКого']: extension };
}

/** Who takes part: the company first, then the person; a stranger with his number. */
function participantsOf(base: Infobase, caller: Caller | null, phone: string): readonly Row[] {
  if (caller === null) return [{ Контакт: '', Контакт_Type: textType, КакСвязаться: phone }];
  const own = { ...callerFields(caller, 'Контакт'), КакСвязаться: phone };
  if (caller.set !== 'Catalog_КонтактныеЛица') return [own];
  const companies = [...base.store('InformationRegister_СвязиКонтрагентКонтакт').rows()].filter(
    (row) => row.Контакт_Key === caller.key,
  );
  const [company] = companies;
  const isOnly = companies.length === 1 && company !== undefined;
  const first = { set: 'Catalog_Контрагенты', key: isOnly ? textIn(company, 'Контрагент_Key') : emptyRef, name: '' };
  return [{ ...callerFields(first, 'Контакт'), КакСвязаться: '' }, own];
}

function sameNumber(stored: string, phone: string): boolean {
  const [a, b] = [stored, plain(phone)];
  return /^[78]/.test(a) && /^[78]/.test(b) ? a.slice(1).startsWith(b.slice(1)) : a.startsWith(b);
}

function plain(phone: string): string {
  return phone.replace(/[+() ,-]/g, '');
}
