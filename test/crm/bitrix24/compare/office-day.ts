import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Comparison, comparePeriod } from '../../../../src/crm/shared/compare/compare.ts';
import { type Repaired, repair } from '../../../../src/crm/shared/compare/repair.ts';
import type { CallLeg, CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { reasonText } from '../../../../src/domain/reasons/reasons.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import type { Activity, StatisticsRow } from '../../../support/bitrix24/state.ts';
import { call, leg } from '../../../support/calls.ts';
import { answerTo, letter, writtenAt } from '../../../support/written.ts';
import { Bureau } from '../written/bureau.ts';
import { form } from '../written/contacts.ts';

const day = 86_400_000;
const at = (seconds: number) => writtenAt + seconds * 1000;

/** The day of the contacts, in UTC. */
export const period = { from: Math.floor(writtenAt / day) * day, until: (Math.floor(writtenAt / day) + 1) * day };

const talked = (extension: string, from: number, to: number): CallLeg =>
  leg(extension, { rangAt: at(from - 4), talkedAt: at(from), endedAt: at(to), outcome: 'answered' });

/** An answered call of yesterday: Anna talked from the fifth to the 35th second. */
export function answeredCall(id: string, more: Partial<CallSnapshot> = {}): CallSnapshot {
  return call(id, {
    state: 'answered',
    startedAt: at(0),
    endedAt: at(35),
    legs: [talked('101', 5, 35)],
    party: { raw: '+79161234567', name: 'Ivan', withheld: false },
    ...more,
  });
}

/** A call of somebody whom nobody knows, which was missed. */
export function missedCall(id: string): CallSnapshot {
  return answeredCall(id, {
    state: 'missed',
    legs: [leg('101', { rangAt: at(1), endedAt: at(35), outcome: 'no_answer' })],
    party: { raw: '+79037654321', name: null, withheld: false },
  });
}

/** An office after a day of contacts, all of which the portal has. */
export class OfficeDay {
  readonly bureau: Bureau;

  readonly #sound: string;

  private constructor(bureau: Bureau, sound: string) {
    this.bureau = bureau;
    this.#sound = sound;
  }

  /** Ivan writes, gets an answer, fills in a form and calls twice; a stranger calls in vain. */
  static async open(settings: object = {}, options: PortalOptions = {}): Promise<OfficeDay> {
    const bureau = await Bureau.open(settings, { webhookCallsRefused: false, ...options });
    const contact = bureau.card('CONTACT', {
      NAME: 'Ivan',
      EMAIL: [{ VALUE: 'ivan@example.com' }],
      PHONE: [{ VALUE: '+79161234567' }],
    });
    await bureau.know(`contact-${contact}`, [
      { kind: 'email', value: 'ivan@example.com' },
      { kind: 'phone', value: '+79161234567' },
    ]);
    const dir = await mkdtemp(join(tmpdir(), 'patchbay-sounds-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const path = join(dir, 'a.mp3');
    await writeFile(path, 'sound');
    const sound = { file: 'a.mp3', path, leg: null, kind: 'call', state: 'ready', startedAt: at(5) } as const;
    await bureau.take(
      answeredCall('recorded', { recordings: [{ ...sound, seconds: 30, mime: 'audio/mpeg', bytes: 5 }] }),
      answeredCall('transferred', { endedAt: at(95), legs: [talked('101', 5, 35), talked('102', 45, 95)] }),
      missedCall('missed'),
      letter('question'),
      answerTo('question', 'answer', { from: 'anna@our.example', manager: 'anna' }),
      form('form'),
    );
    return new OfficeDay(bureau, path);
  }

  /** The only contact that satisfies a condition. */
  async contact(is: (contact: Interaction) => boolean): Promise<Interaction> {
    const [found, ...others] = (await this.bureau.contacts()).filter(is);
    if (found === undefined || others.length > 0) throw new Error('expected exactly one such contact');
    return found;
  }

  /** The rows of the portal's statistics that stand for a contact. */
  rows({ id }: Interaction): StatisticsRow[] {
    return [...this.bureau.portal.state.statistics.values()].filter((row) => row.externalCallId?.startsWith(id));
  }

  activity({ id }: Interaction): Activity {
    const found = [...this.bureau.portal.state.activities.values()].find(({ fields }) => fields.ORIGIN_ID === id);
    if (found === undefined) throw new Error('the contact has no activity');
    return found;
  }

  /** Renames a step of a contact's ledger. */
  async renameStep({ id }: Interaction, from: string, to: string): Promise<void> {
    const of = { destination: 'b24', kind: 'interaction', subject: id } as const;
    const { remote = null } = (await this.bureau.store.read.ledger(of)).find(({ step }) => step === from) ?? {};
    await this.bureau.apply([
      { op: 'ledger', of, step: from, state: null, remote: null, at: this.bureau.now },
      { op: 'ledger', of, step: to, state: 'done', remote, at: this.bureau.now },
    ]);
  }

  /** Somebody deletes the sound of the recording here. */
  loseSound(): Promise<void> {
    return rm(this.#sound);
  }

  /** Compares the day, by a program that was just started. */
  compare(): Promise<Comparison> {
    return comparePeriod(period, this.#parts());
  }

  /** Compares and repairs, and has what is owed delivered. Returns what became of each difference. */
  async repair({ restore = false } = {}): Promise<readonly string[]> {
    const { found } = await this.compare();
    const done: string[] = [];
    const parts = {
      ...this.#parts(),
      restore,
      apply: (writes: Parameters<Bureau['apply']>[0]) => this.bureau.intake.apply(writes),
      clock: { now: () => this.bureau.now },
    };
    await repair(found, parts, ({ difference }, how: Repaired) =>
      done.push(`${difference.kind} ${difference.expected.item}: ${how}`),
    );
    await this.bureau.deliver();
    return done;
  }

  #parts() {
    const core = this.bureau.cores().comparable('b24');
    if (core === null) throw new Error('the core can not be compared');
    return { core, destination: 'b24', read: this.bureau.store.read, signal: AbortSignal.timeout(20_000) };
  }
}

/** The differences as a person would say them. */
export function told({ found }: Comparison): readonly string[] {
  return found.map(({ difference, mending }) => {
    const { kind, expected } = difference;
    const fact = kind === 'different' ? ` ${difference.fact} ${difference.ours}/${difference.theirs}` : '';
    const plan = mending.kind === 'mend' ? '' : `, ${mending.kind}: ${reasonText(mending.why)}`;
    return `${kind} ${expected.channel} ${expected.item}${fact}${plan}`;
  });
}
