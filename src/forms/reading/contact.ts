import { hash } from 'node:crypto';
import { eventKey } from '../../domain/base/ids.ts';
import { timeText } from '../../domain/call/call-facts.ts';
import type { Line } from '../../domain/directory/manager.ts';
import { noMarks, withLineMarks } from '../../domain/interaction/attribution.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { FieldRole, FormSettings } from '../../domain/written/form-settings.ts';
import type { WrittenAttachment, WrittenContact } from '../../domain/written/written-contact.ts';
import type { Answer, Submission } from './submission.ts';

/** What forms' events are keyed under: they come by no connection. */
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

/** A submission as an event. By what it is known decides what a repeat of it is: see {@link knownBy}. */
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
    ...knownBy(submission, line, attachments, about.settings.repeatWindow),
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
 * What a repeat is known by: the sender's own key; else the service's number, which counts only with the same content,
 * since it can be guessed; else the content, for a while.
 */
function knownBy(
  { key, serviceId, content }: Submission,
  line: Line,
  attachments: readonly WrittenAttachment[],
  window: number,
): Pick<WrittenContact, 'key' | 'keyLife'> {
  const named = (name: string) => eventKey(formsConnection, `${line.id}:${name}`);
  if (key !== null) return { key: named(`key:${key}`) };
  const files = attachments.map(({ blob, name }) => `${blob} ${name}`).sort();
  const whole = hash('sha256', [content, ...files].join('\n'));
  if (serviceId !== null) return { key: named(`id:${serviceId}:${whole}`) };
  return { key: named(`content:${whole}`), keyLife: window };
}

/** The answers as people read them, in the form's order, and what was agreed to. */
function textOf({ answers, consent }: Submission, language: Language): string {
  const lines = answers.map((answer) => `${labelOf(answer, language)}: ${answer.value.trim()}`);
  if (consent !== null) {
    const { consent: title, version } = words[language];
    const edition = consent.version === null ? '' : `, ${version} ${consent.version}`;
    lines.push(`${title}: ${timeText(consent.at)}${edition}${consent.text === null ? '' : ` («${consent.text}»)`}`);
  }
  return lines.join('\n');
}

/** What was written for people stays; a technical name becomes the word for what it means. */
function labelOf({ role, label }: Answer, language: Language): string {
  const technical = /^[\w.[\]-]+$/.test(label);
  if (!technical) return label.trim();
  return role === 'other' ? label.replace(/[_.[\]-]+/g, ' ').trim() || label : words[language][role];
}

/** A request for a call is told as a mark that programs can read. */
function marksOf({ attribution, request }: Submission, line: Line): Attribution | null {
  const marks = withLineMarks(attribution, line.attribution);
  if (request === null) return marks;
  const { ids, ...rest } = marks ?? noMarks;
  return { ...rest, ids: { ...ids, request } };
}
