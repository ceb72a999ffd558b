import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { applySettings, loadSettings, type Settings } from './settings.ts';

/** The preferences of this browser, and how to change them. */
export interface SettingsControl {
  readonly settings: Settings;
  change(change: Partial<Settings>): void;
}

const SettingsContext = createContext<SettingsControl | null>(null);

/** Keeps the preferences for the page below it. */
export function SettingsProvider({ children }: { readonly children: ComponentChildren }) {
  const [settings, setSettings] = useState<Settings>(loadSettings);
  useEffect(() => applySettings(settings), [settings]);
  const control = useMemo(
    () => ({ settings, change: (change: Partial<Settings>) => setSettings({ ...settings, ...change }) }),
    [settings],
  );
  return <SettingsContext.Provider value={control}>{children}</SettingsContext.Provider>;
}

/** The preferences of this browser. */
export function useSettings(): SettingsControl {
  const control = useContext(SettingsContext);
  if (control === null) throw new Error('this part of the page needs settings');
  return control;
}
