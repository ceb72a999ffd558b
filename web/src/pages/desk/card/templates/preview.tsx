import { type MessageTemplate, shownTemplate } from '../../../../../../src/domain/outbound/template.ts';
import { useText } from '../../../../i18n/language.tsx';

interface PreviewProps {
  readonly template: MessageTemplate;
  readonly values: Readonly<Record<string, string>>;
  readonly file: File | null;
}

/** A template as the client will see it, with the gaps that are still to be filled in. */
export function TemplatePreview({ template, values, file }: PreviewProps) {
  const text = useText();
  const { header, body, footer, buttons } = shownTemplate(template, values, (name) => `[${name}]`);
  const takesFile = template.header !== null && header === null;
  return (
    <section class="letter ours preview" aria-label={text.templatePreview}>
      <p class="about">{text.templatePreview}</p>
      {takesFile && <p class="quiet">{file?.name ?? text.fileGoesHere}</p>}
      {header !== null && <p class="subject">{header}</p>}
      <p class="text">{body}</p>
      {footer !== null && <p class="quiet">{footer}</p>}
      {buttons.map((button, i) => (
        <p key={`${i} ${button.text}`} class="quiet">
          [{button.text}] {button.target}
        </p>
      ))}
    </section>
  );
}
