import { useEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/language.tsx';
import { connectionKinds } from '../session/api.ts';

/** Names connections for people: `Telegram (bot)`, `АТС (pbx)`. Until the kinds are loaded, by the configured name alone. */
export function useConnectionNames(connections: readonly string[]): (connection: string) => string {
  const text = useText();
  const [kinds, setKinds] = useState<Readonly<Record<string, string>>>({});
  const wanted = [...new Set(connections)].sort().join();
  useEffect(() => {
    if (wanted !== '') connectionKinds().then(setKinds, () => {});
  }, [wanted]);
  const kindNames: Readonly<Record<string, string>> = {
    asterisk: text.kindPbx,
    mail: text.kindMail,
    webhook: text.kindWebhook,
    telegram: 'Telegram',
    whatsapp: 'WhatsApp',
    viber: 'Viber',
    vk: text.kindVk,
    max: 'MAX',
    avito: text.kindAvito,
  };
  return (connection) => {
    const kind = kinds[connection];
    const name = kind === undefined ? undefined : kindNames[kind];
    return name === undefined ? connection : `${name} (${connection})`;
  };
}
