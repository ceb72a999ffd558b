import type { ComponentChildren } from 'preact';
import type { DeskAlarm } from '../../../src/desk/protocol.ts';
import { useLanguage, useText } from '../i18n/language.tsx';
import { plural } from '../i18n/plural.ts';
import { stateReasonText } from '../i18n/reasons/text.ts';
import { useMoment } from '../session/clock.tsx';
import { useDesk } from '../session/desk.tsx';
import { useConnectionNames } from './connection-names.ts';
import { DocsLink } from './docs-link.tsx';

/** What is wrong: connections that are down, unread messages, quiet lines, and (for supervisors) users who read too much. */
export function Alarms() {
  const text = useText();
  const language = useLanguage();
  const moment = useMoment();
  const { alarms } = useDesk().state;
  const nameOf = useConnectionNames(alarms.flatMap(({ connection }) => connection ?? []));
  if (alarms.length === 0) return null;
  const subject = ({ line, connection }: DeskAlarm) => line ?? nameOf(connection ?? '');
  const ofKind = (kind: string) => alarms.filter((alarm) => alarm.kind.startsWith(kind));
  return (
    <div class="alarm" role="alert">
      <Sentence title={text.down} alarms={ofKind('connection-down')}>
        {(alarm) => (
          <span title={stateReasonText(alarm, language) ?? ''}>
            {subject(alarm)} {text.downSince} {moment(alarm.since)}
            {alarm.waiting !== null && alarm.waiting > 0 && `, ${plural(language, alarm.waiting, text.waitToBeSent)}`}
            <DocsLink reason={alarm.stateReason} />
          </span>
        )}
      </Sentence>
      <Sentence title={text.quarantine} alarms={ofKind('quarantine')}>
        {(alarm) => `${subject(alarm)}: ${plural(language, alarm.waiting ?? 0, text.messages)}`}
      </Sentence>
      <Sentence title={text.quiet} alarms={ofKind('quiet-')}>
        {subject}
      </Sentence>
      <Sentence title={text.massReading} alarms={ofKind('mass-reading')}>
        {({ reason, seen }) => `${reason} (${plural(language, seen ?? 0, text.cards)})`}
      </Sentence>
    </div>
  );
}

interface SentenceProps {
  readonly title: string;
  readonly alarms: readonly DeskAlarm[];
  children(alarm: DeskAlarm): ComponentChildren;
}

function Sentence({ title, alarms, children }: SentenceProps) {
  if (alarms.length === 0) return null;
  return (
    <p>
      <b>{title}</b>{' '}
      {alarms.map((alarm, i) => (
        <span key={alarm.id}>
          {i > 0 && '; '}
          {children(alarm)}
        </span>
      ))}
    </p>
  );
}
