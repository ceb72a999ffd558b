import { useId } from 'preact/hooks';
import { fieldsOf, type MessageTemplate, type TemplateField } from '../../../../../../src/domain/outbound/template.ts';
import type { TemplateFault } from '../../../../../../src/domain/outbound/template-fill.ts';
import { useText } from '../../../../i18n/language.tsx';
import type { Words } from '../../../../i18n/russian.ts';
import { type Choice, Combobox } from '../../../../parts/combobox.tsx';

interface FieldsProps {
  readonly template: MessageTemplate;
  readonly values: Readonly<Record<string, string>>;
  /** What is wrong, to be shown. */
  readonly faults: readonly TemplateFault[];
  /** Values of the variables of canned answers. */
  readonly offered: readonly Choice[];
  onChange(values: Readonly<Record<string, string>>): void;
}

const maxLength = 1024;

/** A text field for each placeholder. The arrow down offers what is known of the client and the manager. */
export function TemplateFields({ template, values, faults, offered, onChange }: FieldsProps) {
  const text = useText();
  const id = useId();
  const fields = fieldsOf(template);
  return (
    <>
      {fields.length > 0 && <p class="quiet hint">{text.valuesHint}</p>}
      {fields.map((field) => {
        const fault = faults.find((one) => one.field === field.id);
        const faultId = `${id}-${field.id}`;
        const set = (value: string) => onChange({ ...values, [field.id]: value });
        const label = labelOf(field, text);
        return (
          <div key={field.id} class="template-field">
            <span aria-hidden="true">{label}</span>
            <Combobox
              label={label}
              listLabel={text.values}
              counted={text.valuesFound}
              value={values[field.id] ?? ''}
              choices={offered}
              opensByTyping={false}
              maxLength={maxLength}
              placeholder={field.example === null ? '' : `${text.forExample} ${field.example}`}
              faultId={fault === undefined ? null : faultId}
              onInput={set}
              onChoose={(value) => set(value)}
            />
            {fault !== undefined && (
              <span id={faultId} class="problem">
                {text[`fault_${fault.code}`]}
              </span>
            )}
          </div>
        );
      })}
    </>
  );
}

function labelOf({ part, name }: TemplateField, text: Words): string {
  if (part === 'location') return text[`field_${name as 'latitude'}`];
  return part === 'button' ? `${text.field_button} «${name}»` : `${text[`field_${part}`]}: ${name}`;
}
