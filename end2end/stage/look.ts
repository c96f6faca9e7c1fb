import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from '../journey';
import { outOfReach } from './keys';

/** Where the pictures go. */
export const PICTURES = process.env.XJ_E2E_PICTURES ?? '../dist/pictures';
/** An office's screen, and a phone. */
export const OFFICE = { width: 1366, height: 768 };
export const PHONE = { width: 360, height: 740 };
/** The width of a sheet of A4 in CSS pixels, and its height. */
const PAPER = { width: 794, height: 1123 };
/** Higher pictures are cut: nobody looks at more. */
const HIGHEST = 8_000;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A picture of the whole page, in a window as high as the page: what sticks to the window's edge stands at its end. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const size = page.viewportSize() ?? OFFICE;
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.min(Math.max(height, size.height), HIGHEST) });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  await page.setViewportSize(size);
}

/** What folds is looked at open too: forms live there. How many folds there are. */
async function unfold(page: Page): Promise<number> {
  return page.evaluate(() => {
    const folds = document.querySelectorAll('main details:not([open])');
    for (const fold of folds) {
      fold.setAttribute('open', '');
      fold.setAttribute('data-looked-into', '');
    }
    return folds.length;
  });
}

/** Folds again what was unfolded to be looked at. */
async function fold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const opened of document.querySelectorAll('main details[data-looked-into]')) {
      opened.removeAttribute('open');
      opened.removeAttribute('data-looked-into');
    }
  });
}

/** Controls lower than a finger needs (44 px); links inside a text are exempt. */
async function small(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll('main button, main select, main summary, main a.xj-btn, main input')];
    return controls
      .filter((one) => !['hidden', 'checkbox', 'radio'].includes(one.getAttribute('type') ?? ''))
      .map((one) => ({ one, height: one.getBoundingClientRect().height }))
      .filter(({ height }) => height > 0 && height < 43.5)
      .map(({ one, height }) => `${one.outerHTML.slice(0, 90)} ${height}`);
  });
}

/** What stands further right than its box lets it: cut off, or a page that scrolls sideways. */
async function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`the page by ${root.scrollWidth - root.clientWidth} px`] : [];
    const shown = document.querySelectorAll('main :is(.xj-chip, .xj-link, .xj-btn, button, input, select, td > div, h1, h2, p)');
    for (const one of shown) {
      const box = one.getBoundingClientRect();
      const table = one.closest('.xj-table-scroll');
      const scrolls = table !== null && table.scrollWidth > table.clientWidth && innerWidth >= 768;
      if (box.width > 1 && box.right > innerWidth + 1 && !scrolls) {
        found.push(`${one.outerHTML.slice(0, 90)} to ${Math.round(box.right)}`);
      }
    }
    const boxes = document.querySelectorAll<HTMLElement>('main .xj-cards td > div');
    for (const one of innerWidth < 768 ? boxes : []) {
      if (one.scrollWidth > one.clientWidth + 1) {
        found.push(`${one.outerHTML.slice(0, 90)} is ${one.scrollWidth} px wide in ${one.clientWidth}`);
      }
    }
    return found;
  });
}

/** Ids that stand twice: a label or a link would lead to the first of them alone. */
async function twice(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  });
}

async function accessible(page: Page, name: string): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  expect.soft(told, `${name}: accessibility`).toEqual([]);
}

/** The page as it is, at an office and on a phone, folded and unfolded, and dark: accessible by eye and keyboard, fitting, pictured. */
export async function look(page: Page, name: string): Promise<void> {
  expect.soft(await twice(page), `${name}: ids that stand twice`).toEqual([]);
  expect.soft(await page.title(), `${name}: the name of its tab`).toMatch(/^[^<>]*学籍[^<>]*$/);
  for (const size of [OFFICE, PHONE]) {
    await page.setViewportSize(size);
    const at = `${name} at ${size.width}`;
    expect.soft(await cut(page), `${at}: what does not fit`).toEqual([]);
    await picture(page, `${name}-${size.width}`);
    const folds = await unfold(page);
    await accessible(page, `${at}, unfolded`);
    expect.soft(await outOfReach(page), `${at}: what the keyboard does not reach, or the focus not show`).toEqual([]);
    if (size.width === PHONE.width) {
      expect.soft(await small(page), `${name}: controls too low for a finger`).toEqual([]);
      expect.soft(await cut(page), `${at}: what does not fit unfolded`).toEqual([]);
      if (folds > 0) {
        await picture(page, `${name}-open-${size.width}`);
      }
    }
    if (folds > 0) {
      await fold(page);
    }
  }
  await page.setViewportSize(OFFICE);
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, `${name}-dark-${OFFICE.width}`);
  await unfold(page);
  await accessible(page, `${name}, dark and unfolded`);
  await fold(page);
  await page.emulateMedia({ colorScheme: 'light' });
}

/**
 * Where an English page shows what is Chinese by itself: names of people, places and files, numbers of documents, clauses
 * of the regulation, what somebody has written (`data-own` where nothing else tells it), and the way to the Chinese page.
 */
const DATA = [
  'td',
  'option',
  '.xj-lang',
  '.xj-identity b',
  'span.xj-muted',
  '[data-own]',
  '.xj-clause',
  '.xj-watermark',
  '.xj-side-brand',
  '.xj-side-account',
  '.xj-plain-brand',
  '.xj-mast',
  '.xj-sheet',
  '.xj-crumbs',
  '.xj-title-text',
  '.xj-contact',
  '.xj-fact dd',
  '.xj-fact-source',
  '.xj-event-when',
  '.xj-event-text',
  '.xj-event-source',
  '.xj-notice-body :is(li, p)',
  '.xj-choice-link',
];

/** Chinese text of the page outside its data. */
async function chinese(page: Page): Promise<string[]> {
  return page.evaluate((data) => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let at = texts.nextNode(); at !== null; at = texts.nextNode()) {
      const holder = at.parentElement;
      const text = at.textContent ?? '';
      if (/\p{Script=Han}/u.test(text) && holder?.closest(data) === null && holder.closest('script, style') === null) {
        found.push(`${holder.outerHTML.slice(0, 60)}: ${text.trim().slice(0, 60)}`);
      }
    }
    return found;
  }, DATA.join(', '));
}

/** The page, loaded in English, dark on a phone. */
export async function lookInEnglish(page: Page, name: string): Promise<void> {
  await expect.soft(page.locator('html'), `${name} in English`).toHaveAttribute('lang', 'en');
  expect.soft(await chinese(page), `${name} in English: Chinese text`).toEqual([]);
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: 'dark' });
  await accessible(page, `${name}, dark and English`);
  expect.soft(await cut(page), `${name} in English: what does not fit`).toEqual([]);
  await picture(page, `${name}-dark-en-${PHONE.width}`);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The page as a printer gets it. */
export async function lookOnPaper(page: Page, name: string): Promise<void> {
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  expect.soft(await cut(page), `${name} on paper: what does not fit`).toEqual([]);
  await picture(page, `${name}-paper-${PAPER.width}`);
}
