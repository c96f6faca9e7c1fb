import { test as base } from '@playwright/test';

export { expect } from '@playwright/test';

export type Options = {
  /** Whether the browser gets the WASM files; without them the pages still do everything, by plain forms. */
  wasm: boolean;
};

/** The `test` of every journey: a browser context as its project wants it. */
export const test = base.extend<Options>({
  wasm: [true, { option: true }],
  context: async ({ context, wasm }, use) => {
    if (!wasm) {
      await context.route(/\.wasm$/, (route) => route.abort());
    }
    await use(context);
  },
});
