/**
 * Extensions that may become part of a dial string or an action. It rejects all characters with a meaning in the dialplan: a Local
 * channel (`@`, `/n`) can only come from the template.
 */
export const dialable = /^[A-Za-z0-9_*][A-Za-z0-9_*.-]{0,31}$/;
