import { describe, expect, it } from 'vitest';
import { english } from '../../web/src/i18n/english.ts';
import { russian } from '../../web/src/i18n/russian.ts';
import { stateClass, stateText } from '../../web/src/state-text.ts';

const message = (state: string, code: string | null = null) =>
  ({ state, channel: 'message', problemReason: code === null ? null : { code, values: {} } }) as never;

describe('the state of a message', () => {
  it('is told apart from a failure if it was taken back', () => {
    const taken = message('failed', 'takenBack');
    expect([stateText(taken, russian), stateText(taken, english)]).toEqual(['Отправка отменена', 'Taken back']);
    expect(stateClass(taken)).toBe('taken-back');
  });

  it('is otherwise its own', () => {
    expect(stateText(message('failed', 'blockedUs'), english)).toBe('Not sent');
    expect(stateText(message('read'), russian)).toBe('Прочитано');
    expect([stateClass(message('failed')), stateClass(message('read'))]).toEqual(['failed', 'read']);
  });
});
