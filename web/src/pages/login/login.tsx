import { useState } from 'preact/hooks';
import { useText } from '../../i18n/language.tsx';
import { type Account, logIn, RefusedError, setUp } from '../../session/api.ts';

/** The login form. An address with `#setup=CODE` creates the first administrator instead. */
export function Login({ onEnter }: { readonly onEnter: (account: Account) => void }) {
  const text = useText();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const code = /^#setup=([\w-]+)$/.exec(location.hash)?.[1];

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const login = String(form.get('login')).trim();
    const password = String(form.get('password'));
    setBusy(true);
    setProblem(null);
    try {
      const account = code === undefined ? await logIn(login, password) : await setUp(code, login, password);
      history.replaceState(null, '', location.pathname + location.search);
      onEnter(account);
    } catch (error) {
      const status = error instanceof RefusedError ? error.status : 0;
      setProblem(status === 401 ? text.wrong : status === 429 ? text.tooMany : text.failed);
      setBusy(false);
    }
  }

  return (
    <main class="login">
      <form onSubmit={submit}>
        <img src="/icon.svg" alt="" width="44" height="44" />
        <h1>{code === undefined ? 'Patchbay' : text.setupTitle}</h1>
        {code !== undefined && <p>{text.setupText}</p>}
        <label>
          {text.login}
          <input name="login" autocomplete="username" required autofocus maxLength={128} />
        </label>
        <label>
          {text.password}
          <input
            name="password"
            type="password"
            required
            maxLength={1024}
            autocomplete={code === undefined ? 'current-password' : 'new-password'}
            minLength={code === undefined ? 1 : 10}
          />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={isBusy}>
          {code === undefined ? text.enter : text.create}
        </button>
      </form>
    </main>
  );
}
