import { gravity, tally, taplink, webflow, wix } from './builders.ts';
import { elementor, elementorAdvanced } from './elementor.ts';
import { jotform } from './jotform.ts';
import { flexbe, googleForms, quiz } from './quizzes.ts';
import type { FormObject, FormShape } from './shape.ts';
import { tildaCart } from './tilda-cart.ts';
import { typeform } from './typeform.ts';

const shapes: readonly FormShape[] = [
  tildaCart,
  typeform,
  jotform,
  elementorAdvanced,
  elementor,
  quiz,
  flexbe,
  googleForms,
  webflow,
  tally,
  taplink,
  wix,
  gravity,
];

/** A submission without the layout of its service; the same object if it has none that is known. */
export function withoutShape(body: FormObject): FormObject {
  for (const shape of shapes) {
    const rewritten = shape.rewrite(body);
    if (rewritten !== null) return rewritten;
  }
  return body;
}
