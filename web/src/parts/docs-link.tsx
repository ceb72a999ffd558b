import { siteAddress } from '../../../src/domain/base/docs-links.ts';
import type { Reason } from '../../../src/domain/base/reason.ts';
import { docsOf } from '../../../src/domain/reasons/docs.ts';
import { useLanguage, useText } from '../i18n/language.tsx';

/** A link to the page of the documentation that explains a reason. Nothing if there is none. */
export function DocsLink({ reason }: { readonly reason: Reason | null }) {
  const text = useText();
  const language = useLanguage();
  const page = docsOf(reason);
  if (page === null) return null;
  return (
    <>
      {' '}
      <a href={siteAddress(page, language)} target="_blank" rel="noreferrer">
        {text.whatToDo}
      </a>
    </>
  );
}
