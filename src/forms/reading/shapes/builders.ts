import { type FormObject, type FormShape, listOf, objectOf, type Question, textOf } from './shape.ts';

/** Webflow: the fields in `payload.data` under their own names, the form's name beside them. */
export const webflow: FormShape = {
  service: 'webflow',
  rewrite({ payload: sent, triggerType }) {
    const payload = objectOf(sent);
    const data = objectOf(payload?.data);
    if (triggerType !== 'form_submission' || payload === null || data === null) return null;
    return { submission_id: textOf(payload.id), page_url: payload.pageUrl, ...data };
  },
};

/** Tally: each field with its label; what was chosen is given by the ids of the options. */
export const tally: FormShape = {
  service: 'tally',
  rewrite({ eventType, data: sent }) {
    const data = objectOf(sent);
    const asked = eventType === 'FORM_RESPONSE' ? listOf(data?.fields) : null;
    if (data === null || asked === null) return null;
    const questions = asked.flatMap((one): Question[] => {
      const field = objectOf(one);
      if (field === null) return [];
      const kind = textOf(field.type).toLowerCase();
      const type = kind.replace(/^(?:input|hidden)_/, '') || undefined;
      return [{ label: textOf(field.label) || textOf(field.key), value: chosen(field), type }];
    });
    return { submission_id: textOf(data.responseId), answers: questions };
  },
};

/** The words of the chosen options, or the value as it is. */
function chosen({ value, options }: FormObject): unknown {
  const words = new Map((listOf(options) ?? []).map(objectOf).map((one) => [textOf(one?.id), textOf(one?.text)]));
  if (words.size === 0) return value;
  const ids = Array.isArray(value) ? value : [value];
  return ids
    .map((id) => words.get(textOf(id)) || textOf(id))
    .filter(Boolean)
    .join(', ');
}

/** Wix Automations: the fields with their labels, and the contact that Wix made of them, beside ids and copies of the fields. */
export const wix: FormShape = {
  service: 'wix',
  rewrite(body) {
    const data = objectOf(body.data) ?? body;
    const submissions = listOf(data.submissions);
    if (submissions === null || !('formId' in data || 'formName' in data)) return null;
    const { name, phone, email } = objectOf(data.contact) ?? {};
    return { submission_id: textOf(data.submissionId), answers: submissions, name, phone, email };
  },
};

/** Gravity Forms: an entry whose fields have numbers instead of names. A name has the inputs 3 and 6, as a city and a country have. */
export const gravity: FormShape = {
  service: 'gravity forms',
  rewrite(body) {
    if (!('form_id' in body && 'source_url' in body && 'is_starred' in body)) return null;
    const inputs = Object.entries(body).filter(([name]) => /^\d{1,4}(?:\.\d{1,2})?$/.test(name));
    const filledIn = new Set(inputs.filter(([, value]) => textOf(value) !== '').map(([name]) => name));
    const isAddress = (field: string) => filledIn.has(`${field}.1`) || filledIn.has(`${field}.5`);
    const answers = inputs.map(([name, value]): Question => {
      const [field = '', input = ''] = name.split('.');
      const type = /^[23468]$/.test(input) && !isAddress(field) ? 'name' : undefined;
      return { label: name, value, type };
    });
    return { page_url: body.source_url, submission_id: textOf(body.id), answers };
  },
};

/** Taplink: the visitor beside data of the profile and the lead; the form's fields in `records`, the cart in `offers`. */
export const taplink: FormShape = {
  service: 'taplink',
  rewrite(body) {
    if (!('profile_id' in body && 'lead_id' in body)) return null;
    const rest = Object.entries(body).filter(([name]) => !taplinkOwn.has(name));
    return { ...Object.fromEntries(rest), submission_id: textOf(body.lead_id) };
  },
};

const taplinkOwn: ReadonlySet<string> = new Set(
  'profile_id,username,nickname,status_id,contact_id,block_id,lead_id,lead_number,order_id,order_status_id,currency_title,tms_created,tms_modify,ip'.split(
    ',',
  ),
);
