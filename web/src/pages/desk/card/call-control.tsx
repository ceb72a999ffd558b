import { useState } from 'preact/hooks';
import type { CallAction } from '../../../../../src/domain/call/call-command.ts';
import { isHumanLeg } from '../../../../../src/domain/call/human-leg.ts';
import type { Interaction, Leg } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import { useAltKey, useCommands } from '../../../parts/commands.ts';
import { useSession } from '../../../session/account.tsx';
import { commandCall, listenTo } from '../../../session/api.ts';
import { TransferPicker } from './transfer-picker.tsx';

/** What the user can do to a call under way: one's own, and as a supervisor also others'. */
export function CallControl({ interaction }: { readonly interaction: Interaction }) {
  const { account, manager } = useSession();
  const open = interaction.legs.filter((leg) => leg.endedAt === null && isHumanLeg(leg));
  const own = open.filter((leg) => manager !== null && leg.manager?.id === manager);
  const supervises = account.role === 'supervisor' || account.role === 'admin';
  const isUnderWay = interaction.channel === 'call' && interaction.endedAt === null && account.controls.length > 0;
  if (!isUnderWay || (own.length === 0 && !supervises)) return null;
  return <Buttons interaction={interaction} own={own} others={open.filter((leg) => !own.includes(leg))} />;
}

interface ButtonsProps {
  readonly interaction: Interaction;
  readonly own: readonly Leg[];
  readonly others: readonly Leg[];
}

function Buttons({ interaction, own, others }: ButtonsProps) {
  const text = useText();
  const { account, manager } = useSession();
  const { isBusy, refusal, run } = useCommands();
  const [isPicking, setPicking] = useState(false);
  const can = (action: CallAction) => account.controls.includes(action);
  const isTalking = [...own, ...others].some((leg) => leg.talkedAt !== null);
  // During a consultation the party is on hold and a colleague's telephone is in the call too.
  const isConsulting = own.some((leg) => leg.heldAt !== null) && others.length > 0;
  const give = (action: CallAction, to?: string) => {
    setPicking(false);
    run(() => commandCall(interaction.id, { action, ...(to !== undefined && { to }) }));
  };
  const hangUp = () => give('hang_up');
  const mayTransfer = isTalking && !isConsulting && can('blind_transfer');
  const mayPark = isTalking && !isConsulting && can('park');
  const mayPassOn = own.length === 1 && others.length === 0 && own[0]?.talkedAt === null && can('pass_on');
  const passOn = () => give('pass_on');
  useAltKey('KeyH', can('hang_up') ? hangUp : null);
  useAltKey('KeyT', mayTransfer ? () => setPicking((isOpen) => !isOpen) : null);
  useAltKey('KeyN', mayPassOn ? passOn : null);
  useAltKey('KeyP', mayPark ? () => give('park') : null);
  return (
    <section class="control" aria-label={text.callControl}>
      <div class="buttons">
        {can('hang_up') && (
          <button type="button" class="hang-up" aria-keyshortcuts="Alt+H" disabled={isBusy} onClick={hangUp}>
            {text.hangUp}
          </button>
        )}
        {mayPassOn && (
          <button type="button" aria-keyshortcuts="Alt+N" disabled={isBusy} onClick={passOn}>
            {text.passOn}
          </button>
        )}
        {mayTransfer && (
          <button
            type="button"
            aria-keyshortcuts="Alt+T"
            aria-expanded={isPicking}
            disabled={isBusy}
            onClick={() => setPicking((isOpen) => !isOpen)}
          >
            {text.transferCall}
          </button>
        )}
        {mayPark && (
          <button type="button" aria-keyshortcuts="Alt+P" disabled={isBusy} onClick={() => give('park')}>
            {text.park}
          </button>
        )}
        {isConsulting && (
          <>
            <button type="button" class="primary" disabled={isBusy} onClick={() => give('complete_transfer')}>
              {text.connectBoth}
            </button>
            <button type="button" disabled={isBusy} onClick={() => give('cancel_transfer')}>
              {text.backToClient}
            </button>
          </>
        )}
        {own.length === 0 && manager !== null && isTalking && can('listen') && (
          <>
            <button type="button" disabled={isBusy} onClick={() => run(() => listenTo(interaction.id, false))}>
              {text.listenIn}
            </button>
            <button type="button" disabled={isBusy} onClick={() => run(() => listenTo(interaction.id, true))}>
              {text.whisperTo}
            </button>
          </>
        )}
      </div>
      {isPicking && mayTransfer && <TransferPicker onPick={give} onClose={() => setPicking(false)} />}
      {refusal !== null && <p role="alert">{refusal}</p>}
    </section>
  );
}
