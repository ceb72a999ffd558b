import { useEffect, useMemo, useState } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { LanguageProvider } from './i18n/language.tsx';
import { DeskPage } from './pages/desk/desk.tsx';
import { InboxPage } from './pages/inbox/inbox.tsx';
import { Login } from './pages/login/login.tsx';
import { NotFoundPage } from './pages/not-found/not-found.tsx';
import { OwedPage } from './pages/owed/owed.tsx';
import { SearchPage } from './pages/search/search.tsx';
import { UndeliverablePage } from './pages/undeliverable/undeliverable.tsx';
import { CallingProvider } from './parts/calling.tsx';
import { loadForeignPhones } from './parts/format.ts';
import { Frame } from './parts/frame.tsx';
import { type Session, SessionProvider } from './session/account.tsx';
import { addresses } from './session/addresses.ts';
import { type Account, currentAccount, logOut } from './session/api.ts';
import { ClockProvider } from './session/clock.tsx';
import { DeskProvider } from './session/desk.tsx';
import { SettingsProvider, useSettings } from './session/settings-context.tsx';
import { forgetAll } from './session/tab-storage.ts';

/** The whole page. */
export function App() {
  return (
    <LocationProvider>
      <SettingsProvider>
        <InLanguage />
      </SettingsProvider>
    </LocationProvider>
  );
}

function InLanguage() {
  const { settings } = useSettings();
  return (
    <LanguageProvider value={settings.language}>
      <Entrance />
    </LanguageProvider>
  );
}

/** The login, or for a logged-in user the pages. The address stays, so that a link works after the login. */
function Entrance() {
  const [account, setAccount] = useState<Account | null | undefined>(undefined);
  const [, setPhonesLoaded] = useState(false);
  const { route } = useLocation();
  const refresh = () => {
    currentAccount().then(setAccount, () => setAccount((known) => known ?? null));
  };
  useEffect(() => {
    refresh();
    loadForeignPhones().then(
      () => setPhonesLoaded(true),
      () => {},
    );
  }, []);
  const session = useMemo<Session | null>(() => {
    if (account == null) return null;
    const leave = () => {
      forgetAll();
      logOut().finally(() => {
        setAccount(null);
        route(addresses.desk, true);
      });
    };
    return { account, manager: account.manager?.id ?? null, refresh, leave };
  }, [account]);

  if (account === undefined) return <div class="loading" aria-busy="true" />;
  if (session === null) return <Login onEnter={setAccount} />;
  return (
    <SessionProvider value={session}>
      <ClockProvider>
        {/* The desk of another manager begins anew. */}
        <DeskProvider key={session.manager}>
          <CallingProvider>
            <Frame>
              <Router>
                <Route path={addresses.desk} component={DeskPage} />
                <Route path={addresses.interaction(':id')} component={DeskPage} />
                <Route path={addresses.inbox} component={InboxPage} />
                <Route path={addresses.owed} component={OwedPage} />
                <Route path={addresses.search} component={SearchPage} />
                <Route path={addresses.undeliverable} component={UndeliverablePage} />
                <Route default component={NotFoundPage} />
              </Router>
            </Frame>
          </CallingProvider>
        </DeskProvider>
      </ClockProvider>
    </SessionProvider>
  );
}
