import { useState } from 'preact/hooks';
import { useText } from '../../../i18n/language.tsx';
import { useDraft } from '../../../session/drafts.ts';

/** Further recipients of a letter, as the user has typed them. */
export interface Copies {
  readonly cc: string;
  readonly bcc: string;
  setCc(text: string): void;
  setBcc(text: string): void;
}

/** Addresses in a field of copies, separated by commas, semicolons, spaces or lines. */
export function addressesIn(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((one) => one !== '');
}

/** Whether every address looks like one. The server checks them again. */
export function areAddresses(text: string): boolean {
  return addressesIn(text).every((one) => /^[^\s@]+@[^\s@]+$/.test(one));
}

/** The copies of a draft, kept with it. */
export function useCopies(name: string): Copies {
  const [cc, setCc] = useDraft(`${name}:cc`);
  const [bcc, setBcc] = useDraft(`${name}:bcc`);
  return { cc, bcc, setCc, setBcc };
}

interface CopyFieldsProps {
  readonly copies: Copies;
  /** The other recipients of the letter that is answered. */
  readonly others: readonly string[];
}

/** The fields for copies, closed until they are needed, and a button that answers everybody who got the letter. */
export function CopyFields({ copies: { cc, bcc, setCc, setBcc }, others }: CopyFieldsProps) {
  const text = useText();
  const [isOpened, setOpened] = useState(false);
  const isOpen = isOpened || cc !== '' || bcc !== '';
  const missing = others.filter((one) => !addressesIn(cc).includes(one));
  return (
    <div class="copies">
      <div class="send">
        {missing.length > 0 && (
          <button
            type="button"
            class="small"
            title={missing.join(', ')}
            onClick={() => setCc([...addressesIn(cc), ...missing].join(', '))}
          >
            {text.answerAll}
          </button>
        )}
        {!isOpen && (
          <button type="button" class="small" onClick={() => setOpened(true)}>
            {text.copies}
          </button>
        )}
      </div>
      {isOpen && (
        <>
          <CopyField label={text.cc} value={cc} onChange={setCc} />
          <CopyField label={text.bcc} value={bcc} onChange={setBcc} />
        </>
      )}
    </div>
  );
}

interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
  onChange(text: string): void;
}

function CopyField({ label, value, onChange }: CopyFieldProps) {
  const isWrong = !areAddresses(value);
  return (
    <input
      aria-label={label}
      placeholder={label}
      aria-invalid={isWrong}
      class={isWrong ? 'wrong' : ''}
      maxLength={4000}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}
