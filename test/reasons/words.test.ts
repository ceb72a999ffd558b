import { describe, expect, it } from 'vitest';
import type { Reason } from '../../src/domain/base/reason.ts';
import { docsOf } from '../../src/domain/reasons/docs.ts';
import {
  englishPhrases,
  isReasonCode,
  phraseTables,
  type ReasonCode,
  reason,
  reasonText,
} from '../../src/domain/reasons/reasons.ts';
import { isDoubtful } from '../../src/domain/reasons/sending.ts';
import { traceStep } from '../../src/domain/routing/trace.ts';
import { english } from '../../web/src/i18n/reasons/english.ts';
import { russian } from '../../web/src/i18n/reasons/russian.ts';
import {
  maySendAgain,
  problemText,
  ruleName,
  reasonText as textOf,
  traceText,
  undeliverableText,
} from '../../web/src/i18n/reasons/text.ts';

const codes = Object.keys(englishPhrases) as ReasonCode[];
const places = (phrase: string) => new Set([...phrase.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
/** These consist only of other reasons. */
const wordless: readonly ReasonCode[] = ['several', 'inFolder'];

describe('reasons', () => {
  it('each have their code in one table only', () => {
    const all = Object.values(phraseTables).flatMap((table) => Object.keys(table));
    expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
    expect(all.toSorted()).toEqual(codes.toSorted());
  });

  it.each(codes)('%s has words in both languages, with the same values', (code) => {
    expect(places(russian[code])).toEqual(places(english[code]));
    if (!wordless.includes(code)) expect(russian[code]).toMatch(/[а-я]/);
    const values = Object.fromEntries([...places(english[code])].map((name) => [name, `<${name}>`]));
    const filled = { code, values } as Reason;
    for (const text of [reasonText(filled), textOf(filled, 'ru')]) {
      expect(text).not.toMatch(/[{}]/);
      for (const value of Object.values(values)) expect(text).toContain(value);
    }
    expect(textOf(filled, 'en')).toBe(reasonText(filled));
  });

  it('can contain other reasons', () => {
    const nested = reason('groupUnreachable', {
      group: 'sales',
      reason: [reason('onAnotherCall', { manager: 'Анна' }), reason('memberMissing')],
    });
    expect(reasonText(nested)).toBe(
      'nobody in group sales can be reached: Анна is on another call; a member is not configured',
    );
    expect(textOf(nested, 'ru')).toBe(
      'в группе sales никто не доступен: Анна: говорит по телефону; участник группы не заведён',
    );
  });

  it('end with the outside service’s words in the API, and omit them in other languages', () => {
    const refused = reason('refusedByProvider', {
      provider: 'VK',
      error: 100,
      said: 'one of the parameters is invalid',
    });
    expect(reasonText(refused)).toBe('VK refused the message (100): one of the parameters is invalid');
    expect(textOf(refused, 'ru')).toBe('VK не принял сообщение (код 100)');
    expect(reason('mailServerBusy', { said: '' })).toEqual({ code: 'mailServerBusy', values: {} });
  });

  it('stay readable if a newer program wrote an unknown code', () => {
    const unknown = { code: 'inventedLater', values: { name: 'x' } };
    expect(isReasonCode('toString')).toBe(false);
    expect(textOf(unknown, 'ru')).toBeNull();
    expect(problemText({ problem: 'the original text', problemReason: unknown }, 'ru')).toBe('the original text');
    const step = { rule: 'r', outcome: 'skipped', why: 'the original text', reasons: [unknown] } as const;
    expect(traceText(step, 'ru')).toBe('the original text');
  });
});

describe('what operators read', () => {
  it('describes a trace', () => {
    const step = traceStep('client', 'noted', [
      reason('knownClient'),
      reason('responsibleIs', { manager: 'Анна; Пётр' }),
    ]);
    expect(step.why).toBe('the caller is a known client; responsible is Анна; Пётр');
    expect(traceText(step, 'en')).toBe(step.why);
    expect(traceText(step, 'ru')).toBe('звонит известный клиент; ответственный — Анна; Пётр');
    const other = traceStep('VIP', 'skipped', [
      reason('otherCallers', { wanted: ['unknown', 'ambiguous'], outcome: 'matched' }),
      reason('sameTarget', { rule: 'fallback' }),
    ]);
    expect(traceText(other, 'ru')).toBe(
      'правило для других звонящих (неизвестный, один из нескольких), а этот — известный клиент; ведёт туда же, куда и «запасной путь»',
    );
  });

  it('describes a trace written by an earlier version', () => {
    const step = { rule: 'client', outcome: 'noted', why: 'the caller is not a known client', reasons: [] } as const;
    expect(traceText(step, 'ru')).toBe(step.why);
  });

  it('describes built-in steps, and keeps the names of the company’s own rules', () => {
    expect(['client', 'fallback', 'VIP', 'toString', 'sent'].map((rule) => ruleName(rule, 'ru'))).toEqual([
      'клиент',
      'запасной путь',
      'VIP',
      'toString',
      'sent',
    ]);
  });

  it('describes an undeliverable address', () => {
    expect(undeliverableText({ status: '5.1.1' }, 'ru')).toBe('такого ящика нет');
    expect(undeliverableText({ status: '5.2.2' }, 'en')).toBe('the mailbox is full');
    expect(undeliverableText({ status: '5.5.9' }, 'ru')).toBe('письма не принимаются (5.5.9)');
    expect(undeliverableText({ status: '5.0.0' }, 'ru')).toBeNull();
  });

  it('offers to resend failed and uncertain messages', () => {
    const reasonOf = (code: string) => ({ code, values: {} });
    expect(isDoubtful(reasonOf('smtpCut'))).toBe(true);
    expect(isDoubtful(reasonOf('letterRefused'))).toBe(false);
    const canResend = (state: string, problem: string | null, problemReason: Reason | null) =>
      maySendAgain({ state, problem, problemReason } as never);
    expect(canResend('failed', 'no', reasonOf('blockedUs'))).toBe(true);
    expect(canResend('queued', 'later', reasonOf('rateLimited'))).toBe(false);
    expect(canResend('queued', 'who knows', reasonOf('unsure'))).toBe(true);
    expect(canResend('queued', 'what an earlier version wrote', null)).toBe(true);
    expect(canResend('queued', null, null)).toBe(false);
  });
});

describe('the documentation of a reason', () => {
  it('is named for what an administrator can put right, and for nothing else', () => {
    expect(docsOf(reason('pbxLoginRefused'))).toBe('docs/ten-minutes.md#ami-login');
    expect(docsOf(reason('expired'))).toBeNull();
    expect(docsOf({ code: 'constructor' })).toBeNull();
    expect(docsOf(null)).toBeNull();
  });
});
