import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { useLanguage, useText } from '../i18n/language.tsx';
import { problemText } from '../i18n/reasons/text.ts';
import type { Words } from '../i18n/russian.ts';
import type { Language } from '../i18n/words.ts';
import { useDesk } from '../session/desk.tsx';
import { useCalling } from './calling.tsx';
import { phoneText } from './format.ts';

/** The progress of the call that was requested on this page, or why it failed. */
export function CallStatus() {
  const text = useText();
  const language = useLanguage();
  const { known } = useDesk().state;
  const { asked, forget } = useCalling();
  if (asked === null) return null;
  const { phone, interaction, refusal } = asked;
  const latest = known.find(({ id }) => id === interaction?.id) ?? null;
  const call = latest !== null && latest.revision >= (interaction?.revision ?? 0) ? latest : interaction;
  const hasFailed = refusal !== null || call?.state === 'failed' || (call?.problem ?? null) !== null;
  return (
    <div class={hasFailed ? 'calling failed' : 'calling'} role={hasFailed ? 'alert' : 'status'}>
      <span>
        <b>{phoneText(phone)}</b> {refusal === null ? stageText(call, text, language) : text[refusal]}
      </span>
      <button type="button" onClick={forget}>
        {text.close}
      </button>
    </div>
  );
}

function stageText(call: Interaction | null, text: Words, language: Language): string {
  if (call === null) return text.callAsked;
  if (call.problem !== null) return problemText(call, language);
  const own = call.legs.at(-1);
  switch (call.state) {
    case 'queued':
      return text.callAsked;
    case 'sent':
      return text.yourPhoneRings;
    case 'ringing':
      return own?.outcome === 'answered' ? text.clientRings : text.yourPhoneRings;
    case 'talking':
      return text.talking;
    case 'unanswered':
      return own?.outcome === 'answered' ? text.clientSilent : text.youSilent;
    case 'answered':
      return text.callOver;
    default:
      return text.failedCall;
  }
}
