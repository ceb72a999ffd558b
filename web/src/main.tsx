import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Account, currentAccount, logOut } from './api.ts';
import { Desk } from './desk.tsx';
import { forgetDrafts } from './drafts.ts';
import { loadForeignPhones } from './format.ts';
import { Login } from './login.tsx';
import { applySettings, loadSettings, type Settings } from './settings.ts';
import { words } from './words.ts';
import './style.css';

function App() {
  const [account, setAccount] = useState<Account | null | undefined>(undefined);
  const [settings, setSettings] = useState<Settings>(loadSettings);
  const [, setPhonesLoaded] = useState(false);
  const text = words[settings.language];
  useEffect(() => applySettings(settings), [settings]);
  useEffect(() => {
    currentAccount().then(setAccount, () => setAccount(null));
    loadForeignPhones().then(
      () => setPhonesLoaded(true),
      () => {},
    );
  }, []);

  if (account === undefined) return <div class="loading" aria-busy="true" />;
  if (account === null) return <Login text={text} onEnter={setAccount} />;
  const nextTheme = { auto: 'dark', dark: 'light', light: 'auto' } as const;
  return (
    <Desk
      account={account}
      language={settings.language}
      theme={settings.theme}
      text={text}
      onLanguage={() => setSettings({ ...settings, language: settings.language === 'ru' ? 'en' : 'ru' })}
      onTheme={() => setSettings({ ...settings, theme: nextTheme[settings.theme] })}
      onLeave={() => {
        forgetDrafts();
        logOut().finally(() => setAccount(null));
      }}
    />
  );
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
