import type { Locator } from '@playwright/test';
import { expect, test } from '../../journey';
import { crowd } from '../../stage/admission';
import { seated } from '../../stage/desk';
import { University } from '../../stage/university';

const FIGURES = /^([1-9][\d,]*) \/ 30,000 行$/;

test('the figures of a check move by themselves, and go on for somebody who comes back', async ({ page, context }) => {
  test.setTimeout(180_000);
  const school = new University();
  await school.organise();
  await seated(page, school, 'admissions');
  // The island asks every two seconds of the page's clock, which goes faster here: a machine may have written all rows
  // between two questions.
  await page.clock.install();
  await page.goto(`/${school.slug}/admission/imports`);
  const buffer = crowd(school.year, 30_000);
  await page.getByLabel('文件', { exact: true }).setInputFiles({ name: '新生名单.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: '上传并检查' }).click();
  await expect(page).toHaveURL(/admission\/imports\/[0-9a-f-]+/);
  const address = page.url();
  // A page that was loaded anew would have lost the mark.
  await page.evaluate(() => {
    document.documentElement.dataset['seen'] = 'once';
  });
  const rows = async (figures: Locator): Promise<number> => {
    const [, done] = FIGURES.exec(await figures.innerText()) ?? [];
    return Number(done?.replace(',', ''));
  };
  const moving = page.locator('.xj-live-text');
  await expect(async () => {
    await page.clock.runFor(2_000);
    await expect(moving).toHaveText(FIGURES, { timeout: 50 });
  }).toPass({ timeout: 120_000, intervals: [0] });
  const first = await rows(moving);
  const bar = page.getByRole('progressbar', { name: '进度' });
  await expect(bar).toHaveAttribute('max', '30000');
  expect(Number(await bar.getAttribute('value'))).toBeGreaterThanOrEqual(first);
  expect(await page.locator('html').getAttribute('data-seen')).toBe('once');
  await page.close();

  const again = await context.newPage();
  await again.goto(address);
  const confirm = again.getByRole('button', { name: '确认入库 30,000 人' });
  const figures = again.locator('.xj-live-text');
  await expect(figures.or(confirm)).toBeVisible();
  if (await figures.isVisible()) {
    expect(await rows(figures)).toBeGreaterThanOrEqual(first);
  }
  // And the page itself says when it is over.
  await expect(confirm).toBeVisible({ timeout: 120_000 });
});
