import { useDraft } from '../../../../session/drafts.ts';

/** A template that is being filled in. */
export interface TemplateDraft {
  readonly name: string;
  readonly language: string;
  /** Values by the ids of fields. */
  readonly values: Readonly<Record<string, string>>;
}

/** The unfinished template under a name, which the tab keeps; null if none was chosen. */
export function useTemplateDraft(name: string): readonly [TemplateDraft | null, (draft: TemplateDraft | null) => void] {
  const [kept, keep] = useDraft(`${name}:template`);
  return [parsed(kept), (draft) => keep(draft === null ? '' : JSON.stringify(draft))];
}

function parsed(kept: string): TemplateDraft | null {
  return kept === '' ? null : (JSON.parse(kept) as TemplateDraft);
}
