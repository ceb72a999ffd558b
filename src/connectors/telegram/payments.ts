import { type Fields, fields, joinedName, number, word } from '../../runtime/http/fields.ts';
import { type Content, said } from '../shared/content.ts';
import type { Words } from '../shared/words.ts';

/** Telegram's own currency, which has no smaller unit. */
const stars = 'XTR';

/** A payment by the client, with what the bot asked for: name, phone, e-mail, address. */
export function payment(value: unknown, words: Words): Content {
  const paid = fields(value);
  const amount = amountOf(paid);
  if (amount === null) return said();
  const order = fields(paid.order_info);
  const address = fields(order.shipping_address);
  const { post_code, state, city, street_line1, street_line2 } = address;
  return said(
    words.paid(amount),
    word(paid.invoice_payload),
    word(order.name),
    word(order.phone_number, 32),
    word(order.email),
    joinedName(post_code, state, city, street_line1, street_line2),
  );
}

/** A payment that we returned. */
export function refund(value: unknown, words: Words): Content {
  const amount = amountOf(fields(value));
  return amount === null ? said() : said(words.refunded(amount), word(fields(value).invoice_payload));
}

/** A bill that was sent or forwarded. */
export function invoice(value: unknown, words: Words): Content {
  const bill = fields(value);
  const title = [words.invoice, word(bill.title), amountOf(bill)].filter((one) => one !== null);
  return title.length === 1 ? said() : said(title.join(', '), word(bill.description, 1000));
}

/** The amount in whole units of its currency: Telegram counts in the smallest ones. */
function amountOf({ total_amount, currency }: Fields): string | null {
  const [amount, code] = [number(total_amount), word(currency, 3)];
  if (amount === null || code === null || !/^[A-Z]{3}$/.test(code)) return null;
  const digits = code === stars ? 0 : digitsOf(code);
  return `${(amount / 10 ** digits).toFixed(amount % 10 ** digits === 0 ? 0 : digits)} ${code === stars ? '⭐' : code}`;
}

function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
