/** Domains of public mail services, which do not identify a company. Maintained by hand; `company.publicMail` adds more. */
const publicDomains: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com
  mail.ru bk.ru list.ru inbox.ru internet.ru xmail.ru
  yandex.ru yandex.com yandex.by yandex.kz yandex.ua yandex.uz ya.ru narod.ru
  rambler.ru lenta.ru ro.ru autorambler.ru myrambler.ru rambler.ua
  outlook.com outlook.fr outlook.de hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es live.com live.ru live.co.uk live.fr msn.com
  icloud.com me.com mac.com
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.io tuta.com
  gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de
  yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.co.in yahoo.co.jp ymail.com rocketmail.com
  aol.com zoho.com fastmail.com hey.com mail.com email.com
  ukr.net i.ua meta.ua bigmir.net tut.by mail.kz nur.kz inbox.lv
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it
  qq.com 163.com 126.com sina.com foxmail.com naver.com hanmail.net
  vk.com ok.ru pochta.ru nm.ru e1.ru ngs.ru mail15.com`.split(/\s+/),
);

/** The domain of an e-mail address, in lower case. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

/** Whether a domain, or its parent, belongs to a public mail service; `more` are the configured ones. */
export function isPublicMail(domain: string, more: readonly string[] = []): boolean {
  const is = (one: string) => publicDomains.has(one) || more.includes(one);
  return is(domain) || is(domain.slice(domain.indexOf('.') + 1));
}
