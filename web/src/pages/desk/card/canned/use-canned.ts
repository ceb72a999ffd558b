import { useEffect, useState } from 'preact/hooks';
import type { Interaction } from '../../../../../../src/domain/interaction/interaction.ts';
import {
  type AnswerVariable,
  type CannedAnswerView,
  fillAnswer,
} from '../../../../../../src/domain/written/canned-answer.ts';
import { useText } from '../../../../i18n/language.tsx';
import type { Words } from '../../../../i18n/russian.ts';
import { useSession } from '../../../../session/account.tsx';
import { cannedAnswers } from '../../../../session/inbox-api.ts';
import { findAnswers, type Slash, slashAt } from './find.ts';

/** What canned answers are about. */
export interface CannedContext {
  readonly interaction: Pick<Interaction, 'client' | 'contact' | 'line' | 'party'>;
  readonly channel: 'email' | 'message';
  /** The client's language; null if unknown. */
  readonly language: 'ru' | 'en' | null;
}

/** What a canned answer replaces in a text, and what is selected afterwards. */
export interface Insertion {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The first gap, relative to the beginning of the inserted text; null if everything is known. */
  readonly gap: readonly [start: number, end: number] | null;
  readonly subject: string | null;
  /** The canned answer, whose files are attached. */
  readonly answer: CannedAnswerView;
}

/** What to select in an inserted text: its first gap, else the place behind it. */
export function selectedIn({ text, gap }: Insertion): readonly [start: number, end: number] {
  return gap ?? [text.length, text.length];
}

/** The list of canned answers that a slash opens. */
export interface Canned {
  readonly isOpen: boolean;
  readonly offered: readonly CannedAnswerView[];
  /** Index of the active row. */
  readonly active: number;
  /** Reports the text and the caret after each change of either. */
  track(text: string, caret: number): void;
  /** Handles a key; true if the list used it. */
  press(key: string): boolean;
  /** Inserts an answer. */
  choose(answer: CannedAnswerView): void;
  close(): void;
}

/** Offers canned answers after a slash. `insert` puts the chosen one into the text. Without a context nothing is offered. */
export function useCanned(context: CannedContext | null, insert: (insertion: Insertion) => void): Canned {
  const text = useText();
  const { account } = useSession();
  const [answers, setAnswers] = useState<readonly CannedAnswerView[]>([]);
  const [slash, setSlash] = useState<Slash | null>(null);
  const [active, setActive] = useState(0);
  /** The slash that Escape has closed: it does not open the list again. */
  const [dismissed, setDismissed] = useState<number | null>(null);
  const isAsked = context !== null && slash !== null;
  useEffect(() => {
    if (isAsked) cannedAnswers().then(setAnswers, () => {});
  }, [isAsked]);
  const { channel = 'message', language = null } = context ?? {};
  const { department } = account;
  const offered = slash === null ? [] : findAnswers(answers, slash.query, { channel, department, language });
  const isOpen = isAsked && dismissed !== slash.start && answers.length > 0;
  const close = () => setDismissed(slash?.start ?? null);
  const choose = (answer: CannedAnswerView) => {
    if (slash === null || context === null) return;
    const values = valuesOf(context, account);
    const label = (name: AnswerVariable) => gapLabel(name, text);
    const filled = fillAnswer(answer.text, values, label);
    const subject = answer.subject === null ? null : fillAnswer(answer.subject, values, label).text;
    insert({ ...slash, text: filled.text, gap: filled.gaps[0] ?? null, subject, answer });
    setSlash(null);
  };
  return {
    isOpen,
    offered,
    active: Math.min(active, Math.max(offered.length - 1, 0)),
    track(all, caret) {
      const next = context === null ? null : slashAt(all, caret);
      if (next?.query !== slash?.query) setActive(0);
      if (next === null) setDismissed(null);
      setSlash(next);
    },
    press(key) {
      if (!isOpen) return false;
      const chosen = offered[Math.min(active, offered.length - 1)];
      if (key === 'Escape') close();
      else if (chosen === undefined) return false;
      else if (key === 'ArrowDown') setActive((active + 1) % offered.length);
      else if (key === 'ArrowUp') setActive((active + offered.length - 1) % offered.length);
      else if (key === 'Enter' || key === 'Tab') choose(chosen);
      else return false;
      return true;
    },
    choose,
    close,
  };
}

/** What is known of the variables, to choose from: the value, and what it is. */
export function variableValues(
  interaction: CannedContext['interaction'],
  account: ReturnType<typeof useSession>['account'],
  text: Words,
): readonly { readonly id: string; readonly name: string; readonly about: string }[] {
  const values = Object.entries(valuesOf({ interaction }, account)) as [AnswerVariable, string | null][];
  const known = values.flatMap(([name, value]) =>
    value === null || value === '' ? [] : [{ id: value, name: value, about: gapLabel(name, text) }],
  );
  return known.filter(({ id }, i) => known.findIndex((one) => one.id === id) === i);
}

type Values = Parameters<typeof fillAnswer>[1];

function valuesOf(
  { interaction: { client, contact, line, party } }: Pick<CannedContext, 'interaction'>,
  { manager, extension, company }: ReturnType<typeof useSession>['account'],
): Values {
  return {
    'client.name': client?.name ?? null,
    'contact.name': contact?.name ?? party.name,
    'manager.name': manager?.name ?? null,
    // With several PBXs an extension is named `connection/number`.
    'manager.extension': extension?.split('/').at(-1) ?? null,
    company,
    line: line?.label ?? null,
  };
}

function gapLabel(name: AnswerVariable, text: Words): string {
  return text[`gap_${name.replace('.', '_') as 'company'}`];
}
