import type { Attachment } from '../../../domain/interaction/interaction.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Ledger } from '../../ledger.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import { service } from '../api/errors.ts';
import type { Parameters } from '../api/portal.ts';
import { settleByLooking } from '../api/settle.ts';
import { type Card, cardText } from '../cards/card.ts';
import { missingCard } from '../cards/missing-card.ts';
import { readFiles, shareFiles } from './files.ts';
import { firstOf, type Recorder, type Recording } from './recorder.ts';
import {
  addStep,
  bindStep,
  changeStep,
  placedText,
  type RecordKind,
  type Removal,
  readPlaced,
  removeStep,
  type ToldRecord,
} from './told.ts';

const megabyte = 1024 * 1024;
/** Stands for a content that has to be changed right away. */
const provisional = '0';

/** What the steps of a record need. */
export interface RecordStep {
  readonly recorder: Recorder;
  readonly kind: RecordKind;
  readonly ledger: Ledger;
  readonly recording: Recording;
}

/**
 * Adds a record, or finds out whether an uncertain one was added. `told` is the one before, if any. Null if there is
 * no card for it.
 */
export async function addRecord(step: RecordStep, told: ToldRecord | null): Promise<ToldRecord | null> {
  const { kind, ledger, recording } = step;
  const isUncertain = told !== null && told.removed === null;
  const first = isUncertain ? told.first : firstOf(recording.cards);
  if (first === null) return null;
  const number = isUncertain ? told.number : (told?.number ?? 0) + 1;
  const remote = await ledger.once({
    name: addStep(number, kind, first),
    // It may belong elsewhere by the time that it proves not to have been added.
    call: async () => (includes(recording.cards, first) ? add(step, first) : null),
    settle: (before) =>
      settleByLooking(before, recording.parts.context.clock.now(), async () => {
        const id = await step.recorder.find(first, recording);
        return id === null ? null : placedText({ id, cards: [first], content: null });
      }),
  });
  const placed = readPlaced(remote);
  const record = { number, kind, first, id: null, content: null, cards: null, ours: [], removed: null } as const;
  if (placed === null) {
    await noteRemoval(step, number, 'unlinked');
    return addRecord(step, { ...record, removed: 'unlinked' });
  }
  return { ...record, ...placed, cards: placed.content === null ? null : placed.cards, ours: placed.cards };
}

async function add(step: RecordStep, first: Card): Promise<string> {
  const { recorder, recording } = step;
  const { content, print, enclosed } = contentOf(step);
  const files = await readFiles(enclosed, recording.parts.context);
  const added = await judged(recording, () => recorder.add(first, content, files, recording));
  const shown = recorder.needsChange(recording.contact) ? `${provisional}.${print.split('.')[1]}` : print;
  return placedText({ ...added, content: shown });
}

/** Puts a record where it belongs. False if somebody has deleted it in the portal. */
export async function moveRecord(step: RecordStep, { number, id, cards, ours, first }: ToldRecord): Promise<boolean> {
  const { recorder, ledger, recording } = step;
  const wanted = recording.cards;
  const to = wanted.filter((card) => cards === null || !includes(cards, card));
  const from = (cards ?? ours).filter((card) => !includes(wanted, card));
  if (id === null || (to.length === 0 && from.length === 0)) return true;
  return whileThere(step, { number, id, first }, async () => {
    await ledger.once({
      name: bindStep(number, recording.contact.revision, wanted),
      call: async () => {
        await judged(recording, () => recorder.move(id, { to, from }, recording));
        return null;
      },
      settle: async () => ({ done: false }),
    });
  });
}

/** Changes what a record says. False if somebody has deleted it in the portal. */
export async function changeRecord(
  step: RecordStep,
  { number, id, content: before, first }: ToldRecord,
): Promise<boolean> {
  const { recorder, ledger, recording } = step;
  const { content, print, enclosed } = contentOf(step);
  if (id === null || before === print) return true;
  const isSameFiles = before !== null && before.split('.')[1] === print.split('.')[1];
  return whileThere(step, { number, id, first }, async () => {
    await ledger.once({
      name: changeStep(number, recording.contact.revision, print),
      call: async () => {
        const files = isSameFiles ? null : await readFiles(enclosed, recording.parts.context);
        await recorder.change(id, content, files, recording);
        return null;
      },
      settle: async () => ({ done: false }),
    });
  });
}

/** Takes a record back. */
export async function removeRecord(
  { recorder, ledger, recording }: RecordStep,
  { number, id, first }: ToldRecord,
): Promise<void> {
  await ledger.once({
    name: removeStep(number, 'unlinked'),
    call: async () => {
      if (id !== null) await recorder.remove(id, first, recording);
      return null;
    },
    settle: async () => ({ done: false }),
  });
}

/**
 * Does something with a record. Where the portal refuses it because somebody has deleted the record there, that is
 * respected: the record is not put back.
 */
async function whileThere(
  step: RecordStep,
  { number, id, first }: { readonly number: number; readonly id: number; readonly first: Card },
  act: () => Promise<void>,
): Promise<boolean> {
  const { recorder, recording } = step;
  try {
    await act();
    return true;
  } catch (error) {
    const isRefused = error instanceof ServiceError && error.trouble === 'refused';
    if (!isRefused || (await recorder.exists(id, first, recording))) throw error;
    await noteRemoval(step, number, 'deleted-there');
    return false;
  }
}

/** Notes that a record is not there. */
async function noteRemoval({ ledger }: RecordStep, number: number, why: Removal): Promise<void> {
  await ledger.once({
    name: removeStep(number, why),
    call: async () => null,
    settle: async () => ({ done: false }),
  });
}

/** Where the portal refuses something because a card is gone, the directory will know soon where its client went. */
async function judged<Result>({ cards, parts, signal }: Recording, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.trouble !== 'refused') throw error;
    const gone = await missingCard(cards, parts.portal, signal);
    if (gone === null) throw error;
    throw new ServiceError('later', reason('cardGone', { service, card: cardText(gone) }), null, error.code);
  }
}

/** What a record has to say, the fingerprints of this and of its files, and the files. */
function contentOf({ recorder, recording }: RecordStep): {
  readonly content: Parameters;
  readonly print: string;
  readonly enclosed: readonly Attachment[];
} {
  const content = recorder.content(recording);
  const { enclosed } = shareFiles(recording.contact, recording.parts.config.written.files * megabyte);
  const files = enclosed.map(({ id }) => id).join(',');
  return { content, print: `${fingerprint(JSON.stringify(content), 12)}.${fingerprint(files, 12)}`, enclosed };
}

function includes(cards: readonly Card[], card: Card): boolean {
  return cards.some(({ kind, id }) => kind === card.kind && id === card.id);
}
