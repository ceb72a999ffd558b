import type { DeskAlarm } from '../../src/desk/protocol.ts';
import { momentText } from './format.ts';
import { stateReasonText } from './i18n/reasons/text.ts';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

/** What is wrong: connections that are down, lines that are quiet, and (for supervisors) users who read very much. */
export function Alarms(props: {
  readonly alarms: readonly DeskAlarm[];
  readonly text: Words;
  readonly language: Language;
  readonly timezone: string;
}) {
  const { alarms, text, language, timezone } = props;
  const down = alarms.filter((alarm) => alarm.kind === 'connection-down');
  const readers = alarms.filter((alarm) => alarm.kind === 'mass-reading');
  const quiet = alarms.filter((alarm) => alarm.kind.startsWith('quiet-'));
  const quarantine = alarms.filter((alarm) => alarm.kind === 'quarantine');
  const names = (some: typeof alarms) => some.map((alarm) => alarm.line ?? alarm.connection).join(', ');
  if (alarms.length === 0) return null;
  return (
    <div class="alarm" role="alert">
      {down.length > 0 && (
        <p>
          <b>{text.down}</b>{' '}
          {down.map((alarm) => (
            <span key={alarm.id} title={stateReasonText(alarm, language) ?? ''}>
              {alarm.connection} {text.downSince} {momentText(alarm.since, language, new Date(), timezone)}
              {(alarm.waiting ?? 0) > 0 && `, ${text.waiting} ${alarm.waiting}`}
              {'. '}
            </span>
          ))}
        </p>
      )}
      {quarantine.length > 0 && (
        <p>
          <b>{text.quarantine}</b>{' '}
          {quarantine.map(({ connection, waiting }) => `${connection}: ${waiting ?? 0}`).join(', ')}
        </p>
      )}
      {quiet.length > 0 && (
        <p>
          <b>{text.quiet}</b> {names(quiet)}
        </p>
      )}
      {readers.length > 0 && (
        <p>
          <b>{text.massReading}</b>{' '}
          {readers.map(({ id, reason, seen }) => (
            <span key={id}>
              {reason} ({seen}){' '}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
