import type { ClientId } from '../../domain/base/ids.ts';
import type { Client } from '../../domain/directory/client.ts';

/** The fictional managers of the demo. */
export const demoManagers = [
  { id: 'ivanova', name: 'Анна Иванова', extension: '101' },
  { id: 'petrov', name: 'Пётр Петров', extension: '102' },
  { id: 'sidorova', name: 'Ольга Сидорова', extension: '103' },
  { id: 'kuznetsov', name: 'Илья Кузнецов', extension: '104' },
] as const;

/** The lines of the demo. */
export const demoLines = [
  { id: 'main', address: '74951200001', label: 'Основной номер' },
  { id: 'yandex', address: '74951200002', label: 'Реклама: Яндекс' },
] as const;

const kinds = ['ООО', 'АО', 'ИП', 'ТД'];
const names = [
  'Ромашка',
  'Северный ветер',
  'ТехноЛюкс',
  'Гранит',
  'Альтаир',
  'Вектор',
  'Маяк',
  'Кедр',
  'Орион',
  'Бриз',
  'Сфера',
  'Полюс',
];
/** Number of clients. They have the first phone numbers. */
export const clientCount = names.length;
const people = ['Иван Орлов', 'Мария Лебедева', 'Сергей Волков', 'Елена Соколова', 'Дмитрий Зайцев', 'Наталья Белова'];
const stages = ['Новая', 'Коммерческое предложение', 'Договор', 'Счёт выставлен'];

/** Fictional clients, the same at every start. Their numbers are from a range that is not assigned to anybody. */
export function demoClients(): readonly Client[] {
  return names.map((name, i) => ({
    id: `demo:${i + 1}` as ClientId,
    name: `${kinds[i % kinds.length]} «${name}»`,
    kind: 'company',
    responsible: demoManagers[i % demoManagers.length]?.id ?? null,
    segment: i % 5 === 0 ? 'vip' : null,
    url: `https://crm.example/clients/${i + 1}`,
    identifiers: [{ kind: 'phone', value: `+7${phoneOf(i)}` }],
    contacts: [
      {
        id: `${i + 1}-1`,
        name: people[i % people.length] ?? '',
        identifiers: [{ kind: 'phone', value: `+7${phoneOf(i + 100)}` }],
      },
    ],
    deals: [{ id: `d${i + 1}`, name: `Поставка № ${1000 + i}`, stage: stages[i % stages.length] ?? null, url: null }],
    fields: [{ label: 'Город', value: i % 2 === 0 ? 'Москва' : 'Казань' }],
  }));
}

/** The person with the `i`th number: the contact of the client with that index, or a stranger. */
export function demoPerson(i: number): { readonly name: string; readonly phone: string } {
  return { name: people[i % people.length] ?? '', phone: `+7${phoneOf(i)}` };
}

/** The ten digits of the `i`th mobile number. */
export function phoneOf(i: number): string {
  return `9990000${String(i).padStart(3, '0')}`;
}
