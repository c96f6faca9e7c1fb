import { asWanted, expect, test } from '../../journey';
import { account } from '../../stage/demo';
import { signIn } from '../../stage/desk';

const arriving = account('shou', /待报到/);
const registered = account('shou', /级，已注册/);

test('a student signs in, reads the own record, who looked, and signs out @both', async ({
  page,
  wasm,
  javaScriptEnabled,
  withheld,
}) => {
  await signIn(page, { slug: 'shou' }, registered.login, registered.password);
  await expect(page.getByRole('heading', { name: /，你好$/ })).toBeVisible();
  await asWanted(page, { wasm, javaScriptEnabled, withheld });

  const steps = page.locator('.xj-step');
  await expect(steps).toHaveCount(11);
  await expect(steps.filter({ hasText: '学信网新生电子注册' })).toContainText(/已注册 · /);
  // What this release keeps no record of is not called "not begun".
  await expect(steps.filter({ hasText: '学期注册' })).toContainText('本系统暂无记录');
  const footer = page.locator('.xj-footer');
  await expect(footer).toContainText('教务处');
  await expect(footer.getByRole('link', { name: /^\d/ }).first()).toHaveAttribute('href', /^tel:\d+$/);

  const copy = page.getByRole('button', { name: '复制号码' }).first();
  if (wasm && javaScriptEnabled !== false) {
    await page.context().grantPermissions(['clipboard-write']);
    await copy.click();
    await expect(page.getByRole('button', { name: '已复制' })).toBeVisible();
  } else {
    await expect(copy, 'a button that can do nothing is not there').toBeHidden();
  }

  await page.getByRole('link', { name: 'EN' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('heading', { name: /^Hello, / })).toBeVisible();
  if (wasm && javaScriptEnabled !== false) {
    // Each button stands beside its office, whose English name is long.
    for (const helper of await footer.locator('.xj-helper').all()) {
      const [name, button] = [helper.locator('address'), helper.getByRole('button')];
      const [left, right] = [await name.boundingBox(), await button.boundingBox()];
      expect(right?.x).toBeGreaterThanOrEqual((left?.x ?? 0) + (left?.width ?? 0));
      expect(right?.y).toBeLessThan((left?.y ?? 0) + (left?.height ?? 0));
    }
  }
  await page.getByRole('link', { name: '中文' }).click();

  await page.getByRole('link', { name: '谁看过我的信息' }).click();
  await expect(page.getByText('最近 500 条')).toBeVisible();
  await page.getByRole('link', { name: '我的学籍' }).first().click();
  await page.getByRole('link', { name: '账号', exact: true }).click();
  await expect(page.getByText('登录中的设备')).toBeVisible();
  await page.getByRole('link', { name: '我的学籍' }).first().click();
  await page.getByRole('button', { name: '退出' }).click();
  await expect(page.getByText('已退出登录')).toBeVisible();
  await page.goto('/shou/me');
  await expect(page).toHaveURL(/sign-in/);
  await expect(page.getByText('请先登录，登录后回到刚才的页面')).toBeVisible();
});

test('whoever must act sees what, until when with the weekday, and whom to ask @both', async ({ page }) => {
  await signIn(page, { slug: 'shou' }, arriving.login, arriving.password);
  const now = page.locator('.xj-now');
  await expect(now).toContainText('现在要做');
  await expect(now).toContainText(/\d+年\d+月\d+日 星期[一二三四五六日]/);
  await expect(now).toContainText(/还剩 \d+ 天|今天截止|已过 \d+ 天/);
  const step = page.locator('.xj-step', { hasText: '报到与初审' });
  await expect(step).toContainText('待你完成');
  await expect(step.getByRole('link')).toHaveAttribute('href', /^tel:/);
  // The button leads to the whole step: its title is not above the window.
  await page.getByRole('link', { name: '查看怎么办理' }).click();
  await expect(step.getByRole('heading', { name: '报到与初审' })).toBeInViewport({ ratio: 1 });
});

test('an office’s page says who helps, with telephone @both', async ({ page }) => {
  await signIn(page, { slug: 'shou' }, registered.login, registered.password);
  await expect(page.getByRole('heading', { name: /，你好$/ })).toBeVisible();
  await page.goto('/shou/students');
  const refusal = page.locator('.xj-refusal');
  await expect(refusal).toContainText('这里只供学校各部门办理工作');
  await expect(refusal).toContainText('解释单位');
  await expect(refusal.getByRole('link', { name: /^\d/ })).not.toHaveCount(0);
});
