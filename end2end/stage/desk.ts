import type { Locator, Page } from '@playwright/test';
import { expect } from '../journey';
import { code } from './totp';
import type { Post, University } from './university';

/** Signs in by the page. */
export async function signIn(page: Page, school: { slug: string }, login: string, password: string): Promise<void> {
  await page.goto(`/${school.slug}/sign-in`);
  await page.getByLabel('账号', { exact: true }).fill(login);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
}

/** Signs a post in for the first time and switches its second factor on; gives the secret and the recovery codes. */
export async function firstSignIn(
  page: Page,
  school: University,
  post: Post,
): Promise<{ secret: string; recovery: string[] }> {
  await signIn(page, school, school.login(post), school.password);
  await expect(page).toHaveURL(/\/account/);
  await expect(page.getByText('办公岗位须先启用动态口令')).toBeVisible();
  await page.getByRole('button', { name: '启用动态口令' }).click();
  const secret = await page.locator('.xj-copy').first().innerText();
  await page.getByLabel('六位数字').fill(code(secret));
  await page.getByRole('button', { name: '启用', exact: true }).click();
  await expect(page.getByText('动态口令已启用。请抄下恢复码，只显示这一次')).toBeVisible();
  const recovery = await page.locator('.xj-list .xj-num').allInnerTexts();
  return { secret, recovery };
}

/** Goes to an entry of the main menu. */
export async function menu(page: Page, entry: string): Promise<void> {
  await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: entry, exact: true }).click();
}

/** How a browser is meant to be: with the WASM or without it, with scripts or without them. */
export type Browsing = { wasm: boolean; javaScriptEnabled: boolean | undefined };

/**
 * Waits for what a job brings. Where islands are meant to work the page must follow the job by itself: were its link
 * pressed there too, an island that is dead would be noticed by nobody. Elsewhere the link asks again.
 */
export async function settled(page: Page, what: Locator, { wasm, javaScriptEnabled }: Browsing): Promise<void> {
  const follows = wasm && javaScriptEnabled !== false;
  const reload = page.getByRole('link', { name: '刷新' });
  await expect(async () => {
    if (!follows && (await reload.count()) > 0) {
      await reload.click();
    }
    await expect(what).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

/** A page of a browser in which a post of the stage is signed in. */
export async function seated(page: Page, school: University, post: Post): Promise<void> {
  const seat = await school.seat(post);
  await page.context().addCookies(seat.cookies());
}

/** Confirms the identity where it is asked for again, and presses once more; what was typed must still be there. */
export async function confirmed(page: Page, password: string, press: string): Promise<void> {
  const again = page.getByLabel('再次输入密码');
  if (await again.isVisible()) {
    await again.fill(password);
    await page.getByRole('button', { name: '确认身份' }).click();
    await expect(page.getByText('身份已确认')).toBeVisible();
    await page.getByRole('button', { name: press }).first().click();
  }
}
