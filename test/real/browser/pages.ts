import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = process.env.PATCHBAY_CHROMIUM ?? '/usr/bin/chromium';

/** Debian's Chromium, without access to the outside world. */
export function launch(): Promise<Browser> {
  if (!existsSync(executablePath))
    throw new Error(`no browser at ${executablePath}: run scripts/lab as root, or apt-get install chromium`);
  const off = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'];
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--no-first-run',
      // A microphone that hears beeps, and a user who lets the page use it.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...off.map((what) => `--disable-${what}`),
    ],
  });
}

/** Messages that the browser itself logs when a server is stopping or down, or when a login is rejected. */
const expected = [
  /^Failed to load resource: .*(401|503|ERR_CONNECTION_\w+|ERR_EMPTY_RESPONSE)/,
  /^WebSocket connection to .* failed/,
];

/** Opens pages and collects their complaints: console errors, uncaught errors, violations of the security policy. */
export class Pages {
  readonly complaints: string[] = [];
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** A page in its own context; `document.hidden` follows `window.away`, notifications are stored in `window.shown`. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      locale: 'ru-RU',
      timezoneId: 'America/New_York',
      colorScheme: 'light',
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    context.setDefaultTimeout(30_000);
    await context.addInitScript(stubs);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !expected.some((known) => known.test(message.text())))
        this.complaints.push(message.text());
    });
    return page;
  }
}

// As text, because the tests' compiler settings lack the DOM types.
const stubs = `
  document.addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective));
  Object.defineProperty(document, 'hidden', { get: () => window.away === true });
  window.shown = [];
  window.Notification = class {
    static permission = 'default';
    static requestPermission() {
      this.permission = 'granted';
      return Promise.resolve('granted');
    }
    constructor(title, options) {
      window.shown.push({ title, body: options.body });
    }
    close() {}
  };
`;

/** Texts whose contrast with their background is below 4.5 : 1, with the ratio. */
export function poorContrast(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
    const luminance = (rgb) => {
      const [r, g, b] = rgb.slice(0, 3).map((one) => {
        const part = one / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let at = element; at !== null; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour.length < 4 || colour[3] > 0) return colour;
      }
      return [255, 255, 255];
    };
    const poor = [];
    for (const element of document.body.querySelectorAll('*')) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
      if (!own || element.disabled || element.getClientRects().length === 0) continue;
      const [one, two] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))];
      const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
      if (ratio < 4.5) poor.push(element.className + ' ' + element.textContent.slice(0, 30) + ' ' + ratio.toFixed(2));
    }
    return poor;
  })()`);
}

/** Whether an element is wider than the window. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the accessibility of a page: the rule, and the first elements that break it. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // Evaluated, because the page's security policy forbids inline scripts.
  await page.evaluate(axe);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(
    ({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 160) + ' ' + (any[0]?.message ?? '')).join(' | ')))`);
}
