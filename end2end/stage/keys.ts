import type { Locator, Page } from '@playwright/test';
import { expect } from '../journey';

/** More steps than any page has controls before its list. */
const STEPS = 300;
/** Steps beyond the number of controls: a date has three parts, a box that scrolls is a stop, the end leads round. */
const SPARE = 20;
/** How often the Tab key goes round before a control counts as out of reach. */
const ROUNDS = 3;

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

/** Marks what a mouse can use, and judges at every key what has the focus by then. How many controls there are. */
async function watch(page: Page): Promise<number> {
  return page.evaluate(() => {
    const usable = 'a[href], button, input, select, textarea, summary, [tabindex]';
    const controls = [...document.querySelectorAll<HTMLElement>(usable)].filter((one) => {
      const shown = one.checkVisibility({ visibilityProperty: true }) && one.closest('[inert]') === null;
      return shown && one.tabIndex >= 0 && !one.matches(':disabled, [type=hidden]');
    });
    for (const one of controls) {
      one.dataset.stop = 'waits';
    }
    const judged = (one: HTMLElement): string => {
      if (![one, one.closest('label')].some((at) => at !== null && getComputedStyle(at).outlineStyle !== 'none')) {
        return 'no outline';
      }
      const box = one.getBoundingClientRect();
      // The part of it that is in the window: a table may be higher.
      const top = Math.max(box.top, 0);
      const bottom = Math.min(box.bottom, innerHeight);
      const above = document.elementFromPoint(box.left + box.width / 2, (top + Math.min(bottom, top + 40)) / 2);
      if (above === null || top >= bottom) {
        return 'outside the window';
      }
      // Folds that were opened to be looked into lie above what they would not cover one by one.
      const opened = above.closest('[data-looked-into]');
      const bare = one.contains(above) || above.contains(one) || above.closest('label')?.contains(one) === true;
      return bare || (opened !== null && !opened.contains(one)) ? 'reached' : `behind ${above.outerHTML.slice(0, 60)}`;
    };
    const listen = (): void => {
      const one = document.activeElement;
      if (!(one instanceof HTMLElement) || one.dataset.stop === undefined) {
        return;
      }
      const judgement = judged(one);
      // Of a group of radio buttons one is a stop; the arrows lead to the others.
      const inputs = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')];
      const ofGroup = (other: HTMLInputElement): boolean =>
        one instanceof HTMLInputElement && one.type === 'radio' && other.form === one.form && other.name === one.name;
      for (const each of [one, ...inputs.filter(ofGroup)]) {
        each.dataset.stop = judgement;
      }
    };
    if (document.documentElement.dataset.watched === undefined) {
      document.documentElement.dataset.watched = '';
      document.addEventListener('keydown', listen, { capture: true });
    }
    return controls.length;
  });
}

/** What waits for the focus, or had it without showing it. */
async function missed(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-stop]:not([data-stop=reached])')].map(
      (one) => `${one.dataset.stop}: ${one.outerHTML.slice(0, 90)}`,
    ),
  );
}

/** Controls that the Tab key does not lead to, and those that do not show that they have the focus. */
export async function outOfReach(page: Page): Promise<string[]> {
  // What scrolls gently would still be on its way at the next key.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const controls = await watch(page);
  for (let round = 0; round < ROUNDS && (await missed(page)).length > 0; round += 1) {
    for (let step = 0; step < controls + SPARE; step += 1) {
      await page.keyboard.press('Tab');
    }
  }
  const found = await missed(page);
  // As if nobody had been here: what is looked at next is the page from its beginning.
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) {
      document.activeElement.blur();
    }
    for (const one of document.querySelectorAll<HTMLElement>('[data-stop]')) {
      delete one.dataset.stop;
    }
    scrollTo(0, 0);
  });
  await page.emulateMedia({ reducedMotion: null });
  return found;
}
