import { type CountryCode, getCountryCallingCode } from 'libphonenumber-js/max';
import { type ParsedPhone, parsePhone } from '../directory/identifiers.ts';
import { countryOf, type NumberRegion } from '../directory/number-region.ts';

/** Digits with the usual separators, on one line. A plus starts a new number. */
const runs = /(?<![\p{L}\p{N}_+=%/№#.,-])(?:\+[ \u00a0]?)?\(?\d(?:[ \u00a0().\-–‑]{0,3}\d){6,40}(?![\p{L}\p{N}_])/gu;
const extension =
  /^[ \u00a0]*[,;(]?[ \u00a0]*(?:доб(?:авочный)?|вн(?:утр(?:енний)?)?|ext|#)\.?[ \u00a0:]*(\d{1,6})(?!\d)/iu;

/** Words that announce a telephone number. */
const label =
  /(?<!\p{L})(?:т|тел|телефон\p{L}*|моб|мобильн\p{L}*|сот|сотов\p{L}*|раб|рабоч\p{L}*|факс|номер\p{L}*|(?:по|пере)?звон\p{L}*|набер\p{L}*|phones?|tel|mob|mobile|cell|call|fax|t|m|ph|whats ?app|вотсап|ватсап|viber|вайбер|telegram|телеграм\p{L}*)[ \u00a0.:/(-]*$/iu;
/** Context of digits that are not a telephone number. */
const otherBefore =
  /(?<!\p{L})(?:инн|кпп|огрн|огрнип|бик|окпо|снилс|р\/с[ч]?|к\/с[ч]?|сч[её]т\p{L}*|заказ\p{L}*|заявк\p{L}*|договор\p{L}*|накладн\p{L}*|артикул\p{L}*|арт|паспорт\p{L}*|полис\p{L}*|трек\p{L}*|карт\p{L}*|сумм\p{L}*|итого|серия|vin|iban|inn|order|invoice|account|tracking|id|№)[ \u00a0.:№#-]*$/iu;
const otherAfter = /^[ \u00a0]*(?:,\d\d(?!\d)|(?:руб\p{L}*|р\.|₽|тыс|млн|usd|eur|\$|€|%|шт|кг)(?!\p{L}))/iu;
/** Dates, times and network addresses. */
const dates = /(?<!\d)(?:\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})|\d{4}-\d\d-\d\d|\d{1,3}(?:\.\d{1,3}){3})(?!\d)/;
/** Pension insurance numbers, and sums with spaces between thousands. */
const others = /^(?:\d{3}-\d{3}-\d{3}[ -]\d\d|\d{1,3}(?:[ \u00a0]\d{3})+)$/;
/** A space followed by the beginning of another Russian number. */
const nextNumber = /[ \u00a0]+(?=[78][ \u00a0-]?\(?\d{3,5}\)?[ \u00a0-])/;

/**
 * Finds telephone numbers in a text. Precision matters more than recall, because most digits in letters are dates, sums, or tax and
 * account numbers. With a plus, libphonenumber decides. Other digits must be a number of the country, and be formatted as one or
 * follow a word like "phone".
 */
export function phonesIn(text: string, region: NumberRegion): readonly ParsedPhone[] {
  return [...text.matchAll(runs)].flatMap((match) => {
    const [run] = match;
    const end = match.index + run.length;
    const before =
      text
        .slice(Math.max(0, match.index - 24), match.index)
        .split('\n')
        .at(-1) ?? '';
    const after = text.slice(end, end + 24).split('\n')[0] ?? '';
    if (otherBefore.test(before) || (!run.startsWith('+') && otherAfter.test(after))) return [];
    const isWhole = digitsOf(run).length <= 11 || run.startsWith('+');
    const numbers = isWhole || countryOf(region) !== 'RU' ? [run] : run.split(nextNumber);
    return numbers.flatMap((number, i) => {
      const { phone } = parsePhone(number, region);
      if (phone === null || !looksLikePhone(number, phone, label.test(before), countryOf(region))) return [];
      const ext = i === numbers.length - 1 ? (extension.exec(after)?.[1] ?? null) : null;
      return [{ phone, ext }];
    });
  });
}

/** Whether a possible telephone number is formatted or announced as one. */
function looksLikePhone(number: string, phone: string, announced: boolean, country: string): boolean {
  if (number.startsWith('+')) return true;
  const ours = phone.startsWith(`+${getCountryCallingCode(country as CountryCode)}`);
  if (!ours || dates.test(number) || others.test(number)) return false;
  if (announced || /\(\d{2,5}\)/.test(number) || /\d[-–‑]\d+[-–‑]\d/.test(number)) return true;
  const digits = digitsOf(number);
  return country === 'RU' ? /^[78][3489]\d{9}$/.test(digits) : digits.startsWith('0');
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
