import { readFileSync } from 'node:fs';
import { expect, test } from '../../journey';
import { account, sit } from '../../stage/demo';
import { tabTo } from '../../stage/keys';
import { confirmed, signIn } from '../../stage/desk';

const affairs = account('shou', 'xsc01');
const student = account('shou', /级，已注册/);
const REASON = '核对学籍注册信息';

test('the list is searched, narrowed, sorted and exported @both', async ({ page }) => {
  await sit(page, affairs);
  await page.goto('/shou/students?per_page=50');
  const table = page.getByRole('table', { name: '考生与学生' });
  const name = (await table.locator('tbody a').first().innerText()).trim();

  await test.step('by name; the address does not hold it', async () => {
    await page.getByRole('searchbox').fill(name);
    await page.getByRole('button', { name: '筛选' }).click();
    await expect(page).toHaveURL(/[?&]s=[0-9a-f]+/);
    expect(decodeURIComponent(page.url())).not.toContain(name);
    await expect(table.locator('tbody tr').first()).toContainText(name);
    await page.getByRole('link', { name: '清除全部筛选' }).click();
    await expect(page).not.toHaveURL(/[?&]s=/);
  });

  await test.step('by a total; it is named and can be taken away', async () => {
    const total = page.getByRole('region', { name: '学信网注册' }).getByRole('link', { name: /已注册/ });
    const count = /[\d,]+/.exec((await total.innerText()).replace('已注册', ''))?.[0] ?? '';
    await total.click();
    await expect(page).toHaveURL(/registration=accepted/);
    await expect(page.getByText(`/ ${count} 条`)).toBeVisible();
    await page.getByRole('link', { name: '下一页' }).click();
    await expect(page).toHaveURL(/page=2/);
    await page.getByRole('link', { name: '取消 已注册' }).click();
    await expect(page).not.toHaveURL(/registration=/);
  });

  await test.step('the export holds what the list counts', async () => {
    await page.goto('/shou/students?registration=returned');
    const title = await page.getByRole('heading', { name: /^导出全部/ }).innerText();
    const count = /[\d,]+/.exec(title)?.[0] ?? '';
    await page.getByLabel('用途').fill(REASON);
    await page.getByRole('button', { name: '导出 Excel' }).click();
    await confirmed(page, affairs.password, '导出 Excel');
    await expect(page).toHaveURL(/exports\?done=export/);
    const first = page.getByRole('table', { name: '导出' }).locator('tbody tr').first();
    await expect(async () => {
      await page.goto('/shou/exports');
      await expect(first).toContainText('可下载', { timeout: 1_000 });
    }).toPass({ timeout: 60_000 });
    await expect(first).toContainText(REASON);
    await expect(first).toContainText(count);
    const download = page.waitForEvent('download');
    await first.getByRole('link', { name: '下载' }).click();
    const file = await (await download).path();
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  });
});

test('a number is shown with a reason, on its own record alone, and the student reads it @both', async ({ page, another }) => {
  await sit(page, affairs);
  await page.goto('/shou/students');
  await page.getByRole('searchbox').fill(student.login);
  await page.getByRole('button', { name: '筛选' }).click();
  await page.getByRole('table', { name: '考生与学生' }).locator('tbody a').first().click();
  await expect(page).toHaveURL(/students\/[0-9a-f-]{36}/);
  const fact = page.locator('.xj-fact', { hasText: '身份证号' }).first();
  await expect(fact).toContainText('*');
  await fact.getByText('显示', { exact: true }).click();
  await fact.getByLabel('理由').fill(REASON);
  await fact.getByRole('button', { name: '显示完整内容' }).click();
  await confirmed(page, affairs.password, '显示完整内容');
  await expect(fact).toContainText(/\d{17}[\dX]/);
  await page.reload();
  await expect(fact, 'once').toContainText('*');
  // Every state has its date or its document.
  for (const state of await page.locator('.xj-section').first().locator('.xj-fact').all()) {
    await expect(state.locator('.xj-fact-source, .xj-fact-action')).not.toHaveCount(0);
  }

  const phone = await another({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  await signIn(phone, { slug: 'shou' }, student.login, student.password);
  await phone.getByRole('link', { name: '谁看过我的信息' }).click();
  const line = phone.getByRole('row').filter({ hasText: REASON }).first();
  await expect(line).toContainText('学生处');
  await expect(line).toContainText('身份证号');
});

test('the keyboard alone is enough @both', async ({ page }) => {
  await page.goto('/shou/sign-in');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#content')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('账号', { exact: true })).toBeFocused();
  const outline = await page.getByLabel('账号', { exact: true }).evaluate((field) => getComputedStyle(field).outlineStyle);
  expect(outline).not.toBe('none');
  await page.keyboard.type(affairs.login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(affairs.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '待办', level: 1 })).toBeVisible();
});

test('a number is shown by the keyboard alone: list, record, fold, reason, password @both', async ({ page }) => {
  await sit(page, affairs);
  await page.goto('/shou/students');
  await tabTo(page, page.getByRole('link', { name: '跳到正文' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('table', { name: '考生与学生' }).locator('tbody a').first());
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/students\/[0-9a-f-]{36}/);

  const fact = page.locator('.xj-fact', { hasText: '身份证号' }).first();
  const show = fact.getByRole('button', { name: '显示完整内容' });
  await expect(show).toBeHidden();
  await tabTo(page, fact.locator('summary'));
  await page.keyboard.press('Enter');
  await tabTo(page, fact.getByLabel('理由'));
  await page.keyboard.type(REASON);
  await tabTo(page, show);
  await page.keyboard.press('Enter');

  const again = page.getByLabel('再次输入密码');
  const number = fact.getByText(/^\d{17}[\dX]$/);
  await expect(again.or(number).first()).toBeVisible();
  if (await again.isVisible()) {
    await tabTo(page, again);
    await page.keyboard.type(affairs.password);
    await page.keyboard.press('Enter');
    await expect(page.getByText('身份已确认')).toBeVisible();
    await tabTo(page, show);
    await page.keyboard.press('Enter');
  }
  await expect(number).toBeVisible();
});
