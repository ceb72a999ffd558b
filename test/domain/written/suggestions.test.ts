import { describe, expect, it } from 'vitest';
import { StaffIndex } from '../../../src/domain/directory/staff-index.ts';
import type { Party } from '../../../src/domain/interaction/interaction.ts';
import { identifiersIn, mayIdentify, suggestionsOf } from '../../../src/domain/written/suggestions.ts';
import type { WrittenContact } from '../../../src/domain/written/written-contact.ts';
import { manager } from '../../support/calls.ts';
import { letter } from '../../support/written.ts';

const line = { id: 'main', channel: 'call', address: '74951200001', label: 'Main', connection: null } as const;
const mailbox = { ...line, id: 'sales', channel: 'email', address: 'Sales@our.example' } as const;
const shared = { ...mailbox, id: 'free', address: 'our.firm@mail.ru' } as const;
const marks = { attribution: { source: null, medium: null, campaign: null }, route: null };
const lines = [line, mailbox, shared].map((one) => ({ ...one, ...marks }));
const managers = [manager('a', '101', { mobile: '+79030000001', email: 'anna@our.example' })];
const staff = new StaffIndex({ managers, lines }, 'RU');
const nobody: Party = { phone: null, raw: '', ext: null, withheld: false, email: null, account: null, name: null };

function found(
  text: string | null,
  more: { party?: Partial<Party>; country?: string } & Partial<Omit<WrittenContact, 'party'>> = {},
) {
  const { party, country = 'RU', ...rest } = more;
  const contact = letter('1', { ...rest, text });
  const found = mayIdentify(contact) ? identifiersIn(contact.text ?? '', country) : [];
  const search = { party: { ...nobody, ...party }, isOurs: staff.isOurs.bind(staff) };
  return suggestionsOf({ found }, search).map(({ value, ext }) => `${value}${ext === null ? '' : ` ext ${ext}`}`);
}

describe('phone numbers in a text', () => {
  it.each([
    '+7 916 123-45-67',
    '+79161234567',
    '+7(916)1234567',
    '+7.916.123.45.67',
    '8 (916) 123-45-67',
    '8-916-123-45-67',
    '8 916 123 45 67',
    '89161234567',
    '7 916 123 45 67',
    '(916) 123-45-67',
    '916 123-45-67',
    'тел. 9161234567',
    'Моб.: 916 123 45 67',
    'T: 8\u00a0916\u00a0123\u00a045\u00a067',
    'звоните 9161234567!',
    'Мой номер 8 916 123 45 67.',
    'пишите сюда https://wa.me/79161234567?text=hi',
    'https://api.whatsapp.com/send?phone=79161234567',
  ])('reads %s', (text) => {
    expect(found(`Добрый день!\n${text}\nИван`)).toEqual(['+79161234567']);
  });

  it.each([
    ['8 (495) 123-45-67 доб. 12', ['+74951234567 ext 12']],
    ['+7 495 123-45-67, доб.305', ['+74951234567 ext 305']],
    ['тел.: 8 495 123-45-67 (вн. 4)', ['+74951234567 ext 4']],
    ['8 (495) 123-45-67 #7', ['+74951234567 ext 7']],
    ['8 916 123-45-67 8 495 123-45-67', ['+79161234567', '+74951234567']],
    ['8 (916) 123-45-67, +7 495 123-45-67; 8-800-555-35-35', ['+79161234567', '+74951234567', '+78005553535']],
    ['+7 916 123-45-67 / +49 30 901820', ['+79161234567', '+4930901820']],
    ['тел./факс: 8 (495) 123-45-67', ['+74951234567']],
    ['89161234567\n89161234567', ['+79161234567']],
  ])('reads several numbers and their extensions: %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    'Встреча 12.05.2024 в 10:30, конец 13.05.2024',
    'с 2024-05-12 10-30-00 по 2024-06-12',
    '31-12-2024 18-00',
    'ИНН 7707083893, КПП 770701001',
    'ИНН 500100732259',
    'ОГРН 1027700132195, ОГРНИП 304500116000157',
    'р/с 40702810938000000001, к/с 30101810400000000225, БИК 044525225',
    'СНИЛС 849-533-445 95',
    'Сумма 89 161 234 567 руб.',
    'итого 8 495 123 45 67,00',
    'Заказ № 89161234567',
    'счёт 89161234567 от 12 мая',
    'карта 2200 7001 2345 6789',
    'сервер 192.168.100.200 и 10.0.0.1',
    'артикул 8495-123-45-67',
    'VIN 89161234567',
    'паспорт 45 10 123456',
    'https://shop.example/item/89161234567?id=84951234567',
    'позвоните на 112 или 123-45-67',
    'штрихкод 4601234567893',
    'order 89161234567-2',
    'a89161234567b',
    'масса 8 495 123 45 67 кг',
  ])('does not read %s as a phone number', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('reads foreign numbers as they are written in that country', () => {
    expect(found('Tel. 030 901820, VAT 123456789', { country: 'DE' })).toEqual(['+4930901820']);
    expect(found('call me: (212) 555-0123 or 2125550123', { country: 'US' })).toEqual(['+12125550123']);
  });
});

describe('e-mail addresses in a text', () => {
  it.each([
    ['пишите на Ivan.Petrov@Firm.ru.', ['ivan.petrov@firm.ru']],
    ['<maria@romashka.example>, mailto:oleg@x-y.example', ['maria@romashka.example', 'oleg@x-y.example']],
    ['почта иван@кремль.рф', ['иван@кремль.рф']],
    ['@ivan in Telegram, a@b, x@y@z.example, https://u@host.example/p', []],
    ['i@[10.0.0.1] "q"@firm', []],
  ])('reads %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('suggestions', () => {
  it('leave out the writer’s own identifiers and ours', () => {
    const text =
      '8 916 123-45-67, ivan@firm.ru, 8 (495) 120-00-01, 8 903 000-00-01, anna@our.example, boss@our.example';
    expect(found(text)).toEqual(['+79161234567', 'ivan@firm.ru']);
    expect(found(text, { party: { phone: '+79161234567', email: 'ivan@firm.ru' } })).toEqual([]);
    // At a public mail service only the mailbox itself is ours, not the domain.
    expect(found('our.firm@mail.ru client@mail.ru')).toEqual(['client@mail.ru']);
  });

  it('ignore quoted and forwarded text', () => {
    const quoted = 'Да, подходит.\n\n> мой номер 8 916 123-45-67\n\nтел. 8 495 123-45-67';
    expect(found(quoted)).toEqual(['+74951234567']);
    expect(found('-------- Пересланное сообщение --------\nОт: ivan@firm.ru\n8 916 123-45-67')).toEqual([]);
    expect(found('From: a@b.example\nDate: 24 Nov 2026\nTo: c@d.example\nSubject: x\n\n8 916 123-45-67')).toEqual([]);
  });

  it('are not made for our own or automatic messages', () => {
    const text = '8 916 123-45-67';
    expect(found(text, { direction: 'outbound', state: 'sent' })).toEqual([]);
    expect(found(text, { direction: 'internal' })).toEqual([]);
    expect(found(text, { automatic: 'auto_reply' })).toEqual([]);
    expect(found(null)).toEqual([]);
  });

  it('stop at five, and skip the middle of long letters', () => {
    const many = Array.from({ length: 9 }, (_, i) => `8 916 123-45-6${i}`).join('\n');
    expect(found(many)).toHaveLength(5);
    const filler = 'слово '.repeat(5000);
    expect(found(`${filler}\n8 916 123-45-67\n${filler}`)).toEqual([]);
    expect(found(`${filler}\n8 916 123-45-67`)).toEqual(['+79161234567']);
  });

  it.each(['1'.repeat(100_000), '1-'.repeat(50_000), 'a@'.repeat(50_000), 'a.'.repeat(50_000), '('.repeat(100_000)])(
    'are found quickly in a hostile text: %.8s',
    (text) => {
      expect(found(text)).toEqual([]);
      expect(found(`@ ${text}`)).toEqual([]);
    },
  );
});
