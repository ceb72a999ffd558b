import { describe, expect, it } from 'vitest';
import { runningApplication } from '../../../../src/connectors/asterisk/tracker/applications.ts';
import { dialledNumber } from '../../../../src/connectors/asterisk/tracker/dial.ts';

describe('the application that runs', () => {
  it.each([
    ['BackGround', 'welcome', 'background', 'welcome'],
    ['ExecIf', '1?Background(custom/welcome)', 'background', 'custom/welcome'],
    ['ExecIf', '0?Background(a):VoiceMail(101@default,u)', 'voicemail', '101@default,u'],
    ['ExecIf', '?Background(a):Hangup()', 'hangup', ''],
    ['ExecIf', '1?Playback(a(b):c):Hangup', 'playback', 'a(b):c'],
    ['TryExec', 'ReceiveFAX(/tmp/1.tif)', 'receivefax', '/tmp/1.tif'],
    ['Exec', 'Exec(Exec(Exec(Exec(Dial(x)))))', 'exec', 'Dial(x)'],
    ['ExecIf', '', '', ''],
  ])('of %s(%s) is %s', (app, appData, name, data) => {
    expect(runningApplication(app, appData)).toEqual({ name, data });
  });
});

describe('the number in a dial string', () => {
  it.each([
    ['79990000001@provider', 'provider', '79990000001'],
    ['provider/89990000001', 'provider', '89990000001'],
    ['g1/wwww89990000001', '1', '89990000001'],
    ['provider/sip:+79990000001@sip.example.com', 'provider', '+79990000001'],
    ['305@office2', 'office2', '305'],
    ['7', '7', ''],
    ['101', '101', ''],
    ['reception', 'reception', ''],
  ])('%s to %s is %s', (dialString, endpoint, number) => {
    expect(dialledNumber(dialString, endpoint)).toBe(number);
  });
});
