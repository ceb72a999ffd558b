import { hash } from 'node:crypto';
import { entryOf } from '../../domain/base/entry-of.ts';
import { eventKey } from '../../domain/base/ids.ts';
import { timeText } from '../../domain/base/time-text.ts';
import type { Line } from '../../domain/directory/manager.ts';
import { noMarks, withLineMarks } from '../../domain/interaction/attribution.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { FieldRole, FormSettings } from '../../domain/written/form-settings.ts';
import type { WrittenAttachment, WrittenContact } from '../../domain/written/written-contact.ts';
import type { Answer, Submission } from './submission.ts';

/** The connection in the keys of form events. Forms do not belong to a connection. */
const formsConnection = 'forms';

type Language = 'ru' | 'en';

const words = {
  ru: {
    name: 'Имя',
    phone: 'Телефон',
    email: 'E-mail',
    comment: 'Комментарий',
    callback: 'Заказ обратного звонка',
    consent: 'Согласие на обработку персональных данных',
    version: 'версия',
  },
  en: {
    name: 'Name',
    phone: 'Phone',
    email: 'E-mail',
    comment: 'Comment',
    callback: 'Call-back request',
    consent: 'Consent to the processing of personal data',
    version: 'version',
  },
} as const satisfies Record<Language, Record<FieldRole | 'callback' | 'consent' | 'version', string>>;

/** Words for the fields of a cart; see `shapes/tilda-cart.ts`. */
const cartWords: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  ru: {
    cart_item: 'Товар',
    cart_amount: 'Сумма',
    cart_delivery: 'Доставка',
    cart_delivery_address: 'Адрес доставки',
    cart_delivery_fio: 'Получатель',
    cart_delivery_comment: 'Комментарий к доставке',
    cart_delivery_price: 'Стоимость доставки',
    cart_promocode: 'Промокод',
    cart_discount: 'Скидка',
    cart_orderid: 'Номер заказа',
  },
  en: {
    cart_item: 'Item',
    cart_amount: 'Total',
    cart_delivery: 'Delivery',
    cart_delivery_address: 'Delivery address',
    cart_delivery_fio: 'Recipient',
    cart_delivery_comment: 'Comment on the delivery',
    cart_delivery_price: 'Price of the delivery',
    cart_promocode: 'Promotional code',
    cart_discount: 'Discount',
    cart_orderid: 'Order',
  },
};

/** Converts a submission to an event. Its key determines what counts as a repeat; see {@link keyOf}. */
export function contactOf(
  submission: Submission,
  about: {
    readonly line: Line;
    readonly settings: FormSettings;
    readonly language: Language;
    readonly attachments: readonly WrittenAttachment[];
    readonly now: number;
  },
): WrittenContact {
  const { line, language, attachments, now } = about;
  return {
    kind: 'written',
    channel: 'form',
    ...keyOf(submission, line, attachments, about.settings.repeatWindow),
    aliases: [],
    connection: formsConnection,
    direction: 'inbound',
    state: 'received',
    party: { phone: submission.phone, email: submission.email, account: null, name: submission.name },
    line: line.id,
    manager: null,
    from: null,
    at: now,
    subject: submission.request === 'callback' ? words[language].callback : line.label,
    text: textOf(submission, language),
    attachments,
    thread: null,
    answers: [],
    attribution: marksOf(submission, line),
    automatic: submission.spam ? 'spam' : null,
    handle: null,
  };
}

/**
 * The key that identifies a repeat: the sender's idempotency key; else the service's id together with the content, since the id
 * can be guessed; else the content, for a limited time.
 */
function keyOf(
  { key, serviceId, content }: Submission,
  line: Line,
  attachments: readonly WrittenAttachment[],
  window: number,
): Pick<WrittenContact, 'key' | 'keyLife'> {
  const keyed = (name: string) => eventKey(formsConnection, `${line.id}:${name}`);
  if (key !== null) return { key: keyed(`key:${key}`) };
  const files = attachments.map(({ blob, name }) => `${blob} ${name}`).sort();
  const whole = hash('sha256', [content, ...files].join('\n'));
  if (serviceId !== null) return { key: keyed(`id:${serviceId}:${whole}`) };
  return { key: keyed(`content:${whole}`), keyLife: window };
}

/** The answers as readable text in the order of the form, followed by the consent. */
function textOf({ answers, consent }: Submission, language: Language): string {
  const lines = answers.map((answer) => {
    const label = labelOf(answer, language);
    // Quizzes ask in sentences.
    return `${label}${/[?!:]$/.test(label) ? '' : ':'} ${answer.value.trim()}`;
  });
  if (consent !== null) {
    const { consent: title, version } = words[language];
    const edition = consent.version === null ? '' : `, ${version} ${consent.version}`;
    lines.push(`${title}: ${timeText(consent.at)}${edition}${consent.text === null ? '' : ` («${consent.text}»)`}`);
  }
  return lines.join('\n');
}

/** A label for people stays as it is. A technical name is replaced by the word for its role. */
function labelOf({ role, label }: Answer, language: Language): string {
  const technical = /^[\w.[\]-]+$/.test(label);
  if (!technical) return label.trim();
  const cart = entryOf(cartWords[language], label);
  if (cart !== undefined) return cart;
  return role === 'other' ? label.replace(/[_.[\]-]+/g, ' ').trim() || label : words[language][role];
}

/** Adds the mark `request` for a requested call, so that programs can recognise it. */
function marksOf({ attribution, request }: Submission, line: Line): Attribution | null {
  const marks = withLineMarks(attribution, line.attribution);
  if (request === null) return marks;
  const { ids, ...rest } = marks ?? noMarks;
  return { ...rest, ids: { ...ids, request } };
}
