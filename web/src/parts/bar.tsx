import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useText } from '../i18n/language.tsx';
import { useSession } from '../session/account.tsx';
import { addresses, interactionAt } from '../session/addresses.ts';
import { useDesk } from '../session/desk.tsx';
import { useSettings } from '../session/settings-context.tsx';
import { SearchField } from './search-field.tsx';

const nextTheme = { auto: 'dark', dark: 'light', light: 'auto' } as const;

/** The bar at the top: pages, connection, preferences, and who is logged in. */
export function Bar() {
  const text = useText();
  const { account, leave } = useSession();
  const { settings, change } = useSettings();
  const { language, theme } = settings;
  return (
    <header class="bar">
      <img src="/icon.svg" alt="" width="28" height="28" />
      <strong>Patchbay</strong>
      <LinkState />
      <Pages />
      <span class="space" />
      <SearchField />
      <NotificationButton />
      <button type="button" onClick={() => change({ theme: nextTheme[theme] })}>
        {text.theme}: {text[theme]}
      </button>
      <button
        type="button"
        lang={language === 'ru' ? 'en' : 'ru'}
        onClick={() => change({ language: language === 'ru' ? 'en' : 'ru' })}
      >
        {text.language}
      </button>
      <span class="who">{account.manager?.name ?? account.login}</span>
      <button type="button" onClick={leave}>
        {text.leave}
      </button>
    </header>
  );
}

function LinkState() {
  const text = useText();
  const { link } = useDesk().state;
  const said = {
    connecting: text.connecting,
    online: text.online,
    offline: text.offline,
    full: text.tooManyPages,
  };
  return (
    <span class={link === 'online' ? 'link online' : 'link offline'} role="status">
      {said[link]}
    </span>
  );
}

function Pages() {
  const text = useText();
  const { path } = useLocation();
  const pages = [
    { address: addresses.desk, name: text.title, isHere: path === addresses.desk || interactionAt(path) !== null },
    { address: addresses.inbox, name: text.conversations, isHere: path === addresses.inbox },
    { address: addresses.owed, name: text.tasks, isHere: path === addresses.owed },
    { address: addresses.undeliverable, name: text.undeliverablePage, isHere: path === addresses.undeliverable },
  ];
  return (
    <nav aria-label={text.pages}>
      {pages.map(({ address, name, isHere }) => (
        <a key={address} href={address} aria-current={isHere ? 'page' : 'false'}>
          {name}
        </a>
      ))}
    </nav>
  );
}

function NotificationButton() {
  const text = useText();
  const [canAsk, setCanAsk] = useState('Notification' in window && Notification.permission === 'default');
  if (!canAsk) return null;
  return (
    <button type="button" onClick={() => Notification.requestPermission().then(() => setCanAsk(false))}>
      {text.notify}
    </button>
  );
}
