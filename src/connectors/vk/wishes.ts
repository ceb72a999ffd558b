import { eventKey } from '../../domain/base/ids.ts';
import { type Fields, fields, id, joinedName, list, moment, number, text, word } from '../../runtime/http/fields.ts';
import { said, shown } from '../shared/content.ts';
import { type Incoming, serviceEvent, type Unshown } from '../shared/messages.ts';
import { clientMessage } from '../shared/messenger.ts';
import { orderLine, readableData } from '../shared/readable.ts';
import type { Words } from '../shared/words.ts';

/** Context for reading an event. */
export interface WishReading {
  readonly connection: string;
  readonly now: number;
  readonly words: Words;
}

interface Wish {
  /** Identifies the wish among those of its type. */
  readonly id: string | null;
  readonly type: string;
  readonly user: string | null;
  readonly phone: string | null;
  readonly name: string | null;
  readonly at: number;
  readonly lines: readonly (string | null)[];
}

/** A filled-in lead form of the community, or of an advertisement. */
export function readLeadForm(form: Fields, reading: WishReading): Incoming | Unshown {
  const answers = list(form.answers).map(fields);
  const answerTo = (key: string) => word(answers.find((one) => one.key === key)?.answer);
  return wish(
    {
      id: id(form.lead_id),
      type: 'lead_forms_new',
      user: id(form.user_id),
      phone: answerTo('phone_number'),
      name: joinedName(answerTo('first_name'), answerTo('last_name')),
      at: moment(form.date, 1000, reading.now),
      lines: [
        [reading.words.form, word(form.form_name)].filter((one) => one !== null).join(': '),
        ...answers.map(({ key, question, answer }) => {
          const given = answerText(answer);
          return given === null ? null : `${word(question, 500) ?? word(key) ?? '?'}: ${given}`;
        }),
      ],
    },
    form,
    reading,
  );
}

/** An order in the community's shop. */
export function readOrder(order: Fields, reading: WishReading): Incoming | Unshown {
  const { total_price, preview_order_items, recipient, delivery, display_order_id, comment } = order;
  const { words } = reading;
  const [to, where] = [fields(recipient), fields(delivery)];
  const total = word(fields(total_price).text);
  const items = list(preview_order_items).map((one) => {
    const { title, quantity, price, item } = fields(one);
    return orderLine(title ?? fields(item).title, quantity, word(fields(price).text));
  });
  return wish(
    {
      id: id(order.id),
      type: 'market_order_new',
      user: id(order.user_id) ?? id(fields(order.user).id),
      phone: word(to.phone, 32),
      name: word(to.name),
      at: moment(order.date, 1000, reading.now),
      lines: [
        [words.order, word(display_order_id) ?? id(order.id)].filter((one) => one !== null).join(' '),
        ...items,
        total === null ? null : `${words.total}: ${total}`,
        text(comment),
        word(to.name),
        word(to.phone, 32),
        word(where.address ?? order.address, 500),
      ],
    },
    order,
    reading,
  );
}

/** A payment by VK Pay. VK counts in thousandths of a rouble. */
export function readPayment(paid: Fields, reading: WishReading): Incoming | Unshown {
  const amount = number(paid.amount);
  const at = moment(paid.date, 1000, reading.now);
  return wish(
    {
      id: amount === null ? null : `${id(paid.from_id) ?? ''}:${at}:${amount}`,
      type: 'vkpay_transaction',
      user: id(paid.from_id),
      phone: null,
      name: null,
      at,
      lines: [reading.words.paid(`${(amount ?? 0) / 1000} RUB`), word(paid.description, 500)],
    },
    paid,
    reading,
  );
}

/** A client pressed a button of a keyboard, which sends no message. */
export function readButton({ user_id, event_id, payload }: Fields, reading: WishReading): Incoming | Unshown {
  const type = 'message_event';
  if (payload === undefined || payload === null) return serviceEvent(type);
  const pressed = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const lines = [reading.words.pressed(readableData(pressed))];
  const who = { user: id(user_id), phone: null, name: null };
  return wish({ ...who, id: id(event_id), type, at: reading.now, lines }, { payload }, reading);
}

function wish(
  { id: own, type, user, phone, name, at, lines }: Wish,
  raw: Fields,
  reading: WishReading,
): Incoming | Unshown {
  const { connection, words } = reading;
  if (own === null || user === null) return { kind: 'unshown', what: 'unknown', type };
  const envelope = clientMessage({
    kind: 'vk',
    key: eventKey(connection, `${type}:${own}`),
    connection,
    account: { id: user, username: null },
    name,
    phone,
    chat: user,
    at,
    answers: [],
    attribution: null,
    handle: { peer: user },
  });
  return shown(envelope, said(...lines), { raw, type, words });
}

/** An answer of a form, which may be a choice of several. */
function answerText(answer: unknown): string | null {
  if (Array.isArray(answer)) return answer.flatMap((one) => answerText(one) ?? []).join(', ') || null;
  return text(answer) ?? id(answer) ?? text(fields(answer).value);
}
