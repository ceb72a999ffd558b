import { type FormObject, type FormShape, listOf, nameIn, objectOf, type Question, textOf } from './shape.ts';

/** Entries of a cart that are of Tilda's own payment, or shown otherwise. */
const hidden = new Set(['sys', 'systranid', 'products', 'subtotal', 'delivery', 'amount']);

/** The cart of a shop by Tilda: the field `payment`, as nested names, as an object or as JSON. The articles are texts or objects. */
export const tildaCart: FormShape = {
  service: 'tilda',
  rewrite(body) {
    const name = nameIn(body, 'payment');
    const payment = name === undefined ? null : objectOf(body[name]);
    const products = payment === null ? null : listOf(payment.products);
    if (payment === null || products === null) return null;
    const cart = [...products.map(articleOf), ...restOf(payment)];
    return Object.fromEntries(
      Object.entries(body).map(([key, value]): [string, unknown] => (key === name ? ['cart', cart] : [key, value])),
    );
  },
};

function question(label: string, value: string): Question {
  return { label: `cart_${label}`, value, plain: true };
}

/** An article in one line: "Brick M150, colour: red, SKU-15: 1000 × 30 = 30000". */
function articleOf(product: unknown): Question {
  const object = objectOf(product);
  if (object === null) return question('item', textOf(product));
  const options = (listOf(object.options) ?? []).map((one) => {
    const { option, variant } = objectOf(one) ?? {};
    return [textOf(option), textOf(variant)].filter((text) => text !== '').join(': ');
  });
  const what = [textOf(object.name), ...options, textOf(object.sku)].filter((text) => text !== '').join(', ');
  const [quantity, price, amount] = [textOf(object.quantity), textOf(object.price), textOf(object.amount)];
  const unit = textOf(object.unit);
  const count = [unit === '' ? quantity : `${quantity} ${unit}`, price].filter((text) => text !== '').join(' × ');
  const sum = [count, amount].filter((text) => text !== '').join(' = ');
  return question('item', [what, sum].filter((text) => text !== '').join(': '));
}

/** What else the cart says: the sum, the delivery and its address, the promotional code. */
function restOf(payment: FormObject): readonly Question[] {
  const delivery = objectOf(payment.delivery);
  const found: Question[] = [question('amount', textOf(payment.amount))];
  const how =
    delivery === null ? textOf(payment.delivery) : Object.values(delivery).map(textOf).filter(Boolean).join(', ');
  found.push(question('delivery', how));
  for (const [name, value] of Object.entries(payment)) if (!hidden.has(name)) found.push(question(name, textOf(value)));
  return found.filter(({ value }) => value !== '');
}
