import type { Locator, Page } from '@playwright/test';
import { expect } from '../journey';

/** More steps than any page has controls before its list. */
const STEPS = 300;

/** Goes on by the Tab key until something has the focus; there the focus is to be seen, in the window and with an outline. */
export async function tabTo(page: Page, what: Locator): Promise<void> {
  const focused = (): Promise<boolean> => what.evaluate((one) => one === document.activeElement);
  for (let step = 0; step < STEPS && !(await focused()); step += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(what).toBeFocused();
  await expect(what).toBeInViewport();
  expect(await what.evaluate((one) => getComputedStyle(one).outlineStyle), 'an outline').not.toBe('none');
}
