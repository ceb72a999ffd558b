import { createHash } from 'node:crypto';
import type { InteractionId } from '../../domain/base/ids.ts';
import { type Fields, fields, id, list, moment, number, parseJson, text } from '../../runtime/http/fields.ts';
import type { ConnectorContext } from '../contract.ts';
import { Recent } from '../shared/recent.ts';

/** One of the messages that a message from the desk is sent as. */
interface SentPart {
  /** What identifies its content. */
  readonly mark: string;
  /** Avito's id, once we know it. */
  message: string | null;
}

/** A message from the desk that is being sent, or was. */
export interface OwnSend {
  readonly id: InteractionId;
  readonly chat: string;
  /** When sending began, in milliseconds. */
  readonly at: number;
  readonly parts: readonly SentPart[];
  /** Whether its outcome still has to be looked up. Otherwise it is known, or left to a human. */
  open: boolean;
}

const cursorName = 'sending';
/** Milliseconds that the clocks of Avito and ours may differ. */
export const clockGap = 30_000;
/** Milliseconds after which a message that was on its way no longer appears. */
const longestWay = 900_000;
const keptFor = 86_400_000;
const maxKept = 200;

/**
 * What we send, recorded before it is sent. Avito recognises no repeats and shows our messages among those of colleagues who write in
 * its app; these records tell them apart, also after a crash and on another instance.
 */
export class OwnSends {
  readonly #context: Pick<ConnectorContext, 'cursor' | 'clock'>;
  readonly #colleagues = new Recent<true>(5000);
  #sends: readonly OwnSend[] = [];
  #loaded = false;

  constructor(context: Pick<ConnectorContext, 'cursor' | 'clock'>) {
    this.#context = context;
  }

  /** The record of a send; null if it never began. */
  async find(name: InteractionId): Promise<OwnSend | null> {
    if (!this.#loaded) await this.#load();
    return this.#sends.find((one) => one.id === name) ?? null;
  }

  /** Records a send. Resolves when that is safe. */
  async begin(name: InteractionId, chat: string, marks: readonly string[]): Promise<OwnSend> {
    if (!this.#loaded) await this.#load();
    const at = this.#context.clock.now();
    const send = { id: name, chat, at, parts: marks.map((mark) => ({ mark, message: null })), open: true };
    const others = this.#sends.filter((one) => one.id !== name && one.at > at - keptFor);
    await this.#keep([...others, send].slice(-maxKept));
    return send;
  }

  /** Records Avito's id of one part. It is stored with the next send; until then, the part is recognised by its content. */
  sent(name: InteractionId, part: number, message: string): void {
    // A send that looks the same may have been taken for its owner.
    for (const one of this.#sends.flatMap(({ parts }) => parts)) if (one.message === message) one.message = null;
    const found = this.#sends.find((one) => one.id === name)?.parts[part];
    if (found !== undefined) found.message = message;
  }

  /** Drops the record of a send that Avito refused: a message that looks the same is a colleague's. */
  async drop(name: InteractionId): Promise<void> {
    await this.#keep(this.#sends.filter((one) => one.id !== name));
  }

  /** Records that a human decides whether to send it again. Should its messages appear after all, they are recognised. */
  async leaveToHuman(name: InteractionId): Promise<void> {
    const found = this.#sends.find((one) => one.id === name);
    if (found !== undefined) found.open = false;
    await this.#keep(this.#sends);
  }

  /** Drops the records of sends whose messages will not be read again, because they are older. */
  forgetBefore(time: number): void {
    this.#sends = this.#sends.filter(({ at, parts }) => at > time - longestWay || parts.some(isUnknown));
  }

  /** The send that a message of ours belongs to; null if a colleague wrote it in Avito. */
  async ownerOf(chat: string, message: Fields): Promise<OwnSend | null> {
    const name = id(message.id);
    if (name === null || this.#colleagues.get(`${chat}:${name}`)) return null;
    let found = this.#match(chat, name, message);
    if (found === null) {
      // Another instance may have sent it.
      await this.#load();
      found = this.#match(chat, name, message);
    }
    if (found === null) this.#colleagues.set(`${chat}:${name}`, true);
    return found;
  }

  #match(chat: string, name: string, message: Fields): OwnSend | null {
    const here = this.#sends.filter((one) => one.chat === chat);
    const known = here.find(({ parts }) => parts.some((part) => part.message === name));
    if (known !== undefined) return known;
    const mark = markOf(text(message.type), text(fields(message.content).text));
    const created = moment(message.created, 1000, this.#context.clock.now());
    for (const send of likeliestFirst(here, created)) {
      const part = send.parts.find((one) => isUnknown(one) && one.mark === mark);
      if (part === undefined) continue;
      part.message = name;
      return send;
    }
    return null;
  }

  async #keep(sends: readonly OwnSend[]): Promise<void> {
    await this.#context.cursor.set(cursorName, JSON.stringify(sends));
    this.#sends = sends;
  }

  /** Adds what the store knows. What is known here is newer. */
  async #load(): Promise<void> {
    const stored = list(parseJson((await this.#context.cursor.get(cursorName)) ?? '[]')).flatMap(
      (one) => readSend(fields(one)) ?? [],
    );
    const known = new Set(this.#sends.map((one) => one.id));
    this.#sends = [...stored.filter((one) => !known.has(one.id)), ...this.#sends];
    this.#loaded = true;
  }
}

/** The sends that a message may belong to: the latest that began before it, then those that our clock says began after it. */
function likeliestFirst(sends: readonly OwnSend[], created: number): readonly OwnSend[] {
  const possible = sends.filter(({ at }) => created >= at - clockGap && created <= at + longestWay);
  // Avito's times are whole seconds.
  const before = possible.filter(({ at }) => at < created + 1000);
  return [...before.toReversed(), ...possible.filter(({ at }) => at >= created + 1000)];
}

function isUnknown({ message }: SentPart): boolean {
  return message === null;
}

/** What identifies the content of a message. Pictures get a new address at Avito, so all look alike. */
export function markOf(type: string | null, words: string | null): string {
  if (type === 'image') return 'image';
  // Avito may trim blanks.
  return createHash('sha256')
    .update((words ?? '').replace(/\s+/g, ' ').trim())
    .digest('hex')
    .slice(0, 16);
}

function readSend({ id: name, chat, at, parts, open }: Fields): OwnSend | null {
  const [owner, place, began] = [id(name), id(chat), number(at)];
  if (owner === null || place === null || began === null) return null;
  const read = list(parts)
    .map(fields)
    .map(({ mark, message }) => ({ mark: text(mark) ?? '', message: id(message) }));
  return { id: owner as InteractionId, chat: place, at: began, parts: read, open: open === true };
}
