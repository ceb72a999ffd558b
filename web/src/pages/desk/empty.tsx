import { useEffect, useState } from 'preact/hooks';
import { docsLinks, siteAddress } from '../../../../src/domain/base/docs-links.ts';
import { isCallAt } from '../../../../src/domain/call/calls-at.ts';
import type { Named } from '../../../../src/domain/interaction/interaction.ts';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { useSession } from '../../session/account.tsx';
import { colleagues } from '../../session/api.ts';
import { useDesk } from '../../session/desk.tsx';

/** The desk without a card: nobody calls, or the account has no manager whose calls could be shown. */
export function Empty() {
  const { manager } = useSession();
  return (
    <div class="empty">
      <img src="/icon.svg" alt="" width="56" height="56" />
      {manager === null ? <NoManager /> : <NoCard manager={manager} />}
    </div>
  );
}

function NoCard({ manager }: { readonly manager: string }) {
  const text = useText();
  const { state, open } = useDesk();
  const closed = state.known.find((call) => isCallAt(call, manager));
  if (closed === undefined)
    return (
      <>
        <h2>{text.noCalls}</h2>
        <p>{text.noCallsHint}</p>
      </>
    );
  return (
    <>
      <h2>{text.callGoesOn}</h2>
      <p>{text.cardClosed}</p>
      <p>
        <button type="button" onClick={() => open(closed)}>
          {text.openCard}
        </button>
      </p>
    </>
  );
}

function NoManager() {
  const text = useText();
  const { account } = useSession();
  return (
    <>
      <h2>{text.noManager}</h2>
      <p>{text.noManagerHint}</p>
      {account.role === 'admin' ? <LinkManager login={account.login} /> : <p>{text.askAdministrator}</p>}
    </>
  );
}

/** How an administrator links an account to a manager. */
function LinkManager({ login }: { readonly login: string }) {
  const text = useText();
  const language = useLanguage();
  const [managers, setManagers] = useState<readonly Named[] | null>(null);
  useEffect(() => {
    colleagues().then(setManagers, () => {});
  }, []);
  const id = managers?.[0]?.id ?? 'ID';
  return (
    <div class="steps">
      <p>{text.linkManager}</p>
      <ul>
        {managers?.length === 0 && <li>{text.addManagers}</li>}
        <li>
          {text.linkByCommand} <code>{`npx patchbay user set ${login} --manager ${id}`}</code>
        </li>
        <li>
          {text.linkByConfig} <code>{`user: ${login}`}</code>
        </li>
      </ul>
      {managers !== null && managers.length > 0 && (
        <p>
          {text.configuredManagers} {managers.map((one) => `${one.name} (${one.id})`).join(', ')}
        </p>
      )}
      <p>
        {text.readMore}{' '}
        <a href={siteAddress(docsLinks.access, language)} target="_blank" rel="noreferrer">
          {text.accessGuide}
        </a>
      </p>
    </div>
  );
}
