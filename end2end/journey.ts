import { test as base, type Browser, type BrowserContext, type Page } from '@playwright/test';

export { expect } from '@playwright/test';

export type Options = {
  /** Whether the browser gets the WASM files; without them the pages still do everything, by plain forms. */
  wasm: boolean;
};

/** What a journey is given besides Playwright's own. */
type Given = {
  /** Complaints of the pages: errors of scripts, of the console, of the content security policy. */
  complaints: string[];
  /** Addresses of the WASM files that were withheld. */
  withheld: string[];
  /** Another person's browser, watched like the first. */
  another: (options?: Parameters<Browser['newContext']>[0]) => Promise<Page>;
};

/** What a browser says when the journey asks for a page that is refused. */
const EXPECTED = [/status of 40[134] /, /status of 422 /];

function watch(context: BrowserContext, complaints: string[], wasm: boolean): void {
  const note = (page: Page, text: string): void => {
    const withheld = !wasm && /\.wasm|wasm|Failed to (fetch|load)|net::ERR_FAILED/i.test(text);
    if (!withheld && !EXPECTED.some((known) => known.test(text))) {
      complaints.push(`${new URL(page.url()).pathname}: ${text}`);
    }
  };
  context.on('console', (message) => {
    const page = message.page();
    if (page !== null && (message.type() === 'error' || /Content Security Policy/.test(message.text()))) {
      note(page, message.text());
    }
  });
  context.on('weberror', (fault) => {
    const page = fault.page();
    if (page !== null) {
      note(page, String(fault.error()));
    }
  });
}

async function prepare(context: BrowserContext, wasm: boolean, withheld: string[]): Promise<void> {
  if (!wasm) {
    await context.route(/\.wasm$/, async (route) => {
      withheld.push(route.request().url());
      await route.abort();
    });
  }
}

/**
 * Whether the islands of a page are as the project wants them: awake, or never woken because the WASM was withheld
 * or scripts are off. Without it a journey would pass in all three projects whatever the client does.
 */
export async function asWanted(
  page: Page,
  { wasm, javaScriptEnabled, withheld }: { wasm: boolean; javaScriptEnabled: boolean | undefined; withheld: string[] },
): Promise<void> {
  const root = page.locator('html');
  await base.expect(page.locator('leptos-island').first()).toBeAttached();
  if (javaScriptEnabled !== false && wasm) {
    await base.expect(root).toHaveAttribute('data-awake', '');
    return;
  }
  if (javaScriptEnabled !== false) {
    await base.expect.poll(() => withheld.length, { message: 'the WASM was asked for and withheld' }).toBeGreaterThan(0);
  } else {
    base.expect(withheld, 'nothing is asked for without scripts').toEqual([]);
  }
  await base.expect(root).not.toHaveAttribute('data-awake');
}

/** The `test` of every journey: a browser context as its project wants it, whose pages must not complain. */
export const test = base.extend<Options & Given>({
  wasm: [true, { option: true }],
  complaints: [
    async ({}, use) => {
      const complaints: string[] = [];
      await use(complaints);
      base.expect(complaints, 'errors in the browser').toEqual([]);
    },
    { auto: true },
  ],
  withheld: async ({}, use) => {
    await use([]);
  },
  context: async ({ context, wasm, complaints, withheld }, use) => {
    await prepare(context, wasm, withheld);
    watch(context, complaints, wasm);
    await use(context);
  },
  another: async ({ browser, wasm, complaints, withheld, contextOptions }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...contextOptions, ...options });
      opened.push(context);
      await prepare(context, wasm, withheld);
      watch(context, complaints, wasm);
      return context.newPage();
    });
    for (const context of opened) {
      await context.close();
    }
  },
});
