import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../../journey';
import { account, sit, type Account } from '../../stage/demo';

const WIDTHS = [
  { width: 1366, height: 768 },
  { width: 360, height: 740 },
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PICTURES = process.env.XJ_E2E_PICTURES ?? '../dist/pictures';

/** A page in one of its states. */
type Sight = {
  /** Name of the picture. */
  name: string;
  /** Route of the app that it shows. */
  route: string;
  /** Who looks; nobody when absent. */
  who?: Account;
  /** Where it is, below the university. */
  at?: string;
  /** A link to follow from there: in the main part, the first whose address matches. */
  follow?: RegExp;
  /** What else to do before looking. */
  then?: (page: Page) => Promise<void>;
};

const admissions = account('shou', 'zb01');
const affairs = account('shou', 'xsc01');
const secretary = account('shou', 'xy01');
const counsellor = account('shou', 'fdy01');
const admin = account('shou', 'admin');
const it = account('shou', 'it01');
const discipline = account('shou', 'jw01');
const operator = account('operator', '平台运营');
const arriving = account('shou', /待报到/);
const registered = account('shou', /级，已注册/);
const rare = account('shou', '学生（姓名含生僻字');
const long = account('shou', '学生（少数民族长姓名');

const SIGHTS: Sight[] = [
  { name: 'entrance', route: '/', at: '/' },
  { name: 'sign-in', route: '/:tenant/sign-in', at: 'sign-in' },
  {
    name: 'sign-in-refused',
    route: '/:tenant/sign-in',
    at: 'sign-in',
    then: async (page) => {
      await page.getByLabel('账号', { exact: true }).fill('nobody');
      await page.getByLabel('密码', { exact: true }).fill('not the password');
      await page.getByRole('button', { name: '登录' }).click();
      await expect(page.getByRole('heading', { name: '没有登录成功' })).toBeVisible();
    },
  },
  { name: 'activate', route: '/:tenant/activate', at: 'activate' },
  { name: 'activate-used', route: '/:tenant/activate', at: 'activate?t=used' },
  { name: 'student-arriving', route: '/:tenant/me', who: arriving, at: 'me' },
  { name: 'student-registered', route: '/:tenant/me', who: registered, at: 'me' },
  { name: 'student-rare-name', route: '/:tenant/me', who: rare, at: 'me' },
  { name: 'student-long-name', route: '/:tenant/me', who: long, at: 'me' },
  { name: 'student-access', route: '/:tenant/me/access', who: registered, at: 'me/access' },
  { name: 'student-account', route: '/:tenant/account', who: registered, at: 'account' },
  { name: 'student-not-found', route: '/:tenant/students', who: registered, at: 'students' },
  { name: 'admissions-home', route: '/:tenant/home', who: admissions, at: 'home' },
  { name: 'affairs-home', route: '/:tenant/home', who: affairs, at: 'home' },
  { name: 'secretary-home', route: '/:tenant/home', who: secretary, at: 'home' },
  { name: 'discipline-home', route: '/:tenant/home', who: discipline, at: 'home' },
  { name: 'imports', route: '/:tenant/admission/imports', who: admissions, at: 'admission/imports' },
  {
    name: 'import-checked',
    route: '/:tenant/admission/imports/:id',
    who: admissions,
    at: 'admission/imports',
    follow: /admission\/imports\/[0-9a-f]/,
  },
  { name: 'majors', route: '/:tenant/admission/majors', who: admissions, at: 'admission/majors' },
  { name: 'handovers', route: '/:tenant/handovers', who: affairs, at: 'handovers' },
  { name: 'handover', route: '/:tenant/handovers/:id', who: affairs, at: 'handovers', follow: /handovers\/[0-9a-f]/ },
  { name: 'assign', route: '/:tenant/assign', who: affairs, at: 'assign' },
  { name: 'students', route: '/:tenant/students', who: affairs, at: 'students' },
  {
    name: 'students-none',
    route: '/:tenant/students',
    who: affairs,
    at: 'students',
    then: async (page) => {
      await page.getByRole('searchbox').fill('没有这个人');
      await page.getByRole('button', { name: '筛选' }).click();
      await expect(page.getByText('没有符合条件的记录')).toBeVisible();
    },
  },
  { name: 'students-filtered', route: '/:tenant/students', who: affairs, at: 'students?year=2026&unassigned=yes' },
  {
    name: 'students-confirm',
    route: '/:tenant/students',
    who: affairs,
    at: 'students?refused=step_up&op=disclosure%2Fexport',
  },
  {
    name: 'students-reason',
    route: '/:tenant/students',
    who: affairs,
    at: 'students?refused=too_short&field=reason&op=disclosure%2Fexport',
  },
  {
    name: 'imports-too-late',
    route: '/:tenant/admission/imports',
    who: admissions,
    at: 'admission/imports?refused=too_late&op=admission%2Fundo&until=2026-10-16',
  },
  {
    name: 'second-factor',
    route: '/:tenant/account',
    who: account('shou', 'jwc01'),
    at: 'account',
    then: async (page) => {
      const password = page.getByLabel('再次输入密码');
      await page.getByRole('button', { name: '启用动态口令' }).click();
      if (await password.isVisible()) {
        return;
      }
      await expect(page.getByLabel('六位数字')).toBeVisible();
    },
  },
  { name: 'handovers-admissions', route: '/:tenant/handovers', who: admissions, at: 'handovers' },
  { name: 'college-handover', route: '/:tenant/handovers/:id', who: secretary, at: 'handovers', follow: /handovers\/[0-9a-f]/ },
  { name: 'students-college', route: '/:tenant/students', who: counsellor, at: 'students' },
  { name: 'record', route: '/:tenant/students/:id', who: affairs, at: 'students', follow: /students\/[0-9a-f]/ },
  { name: 'exports', route: '/:tenant/exports', who: affairs, at: 'exports' },
  { name: 'slips', route: '/:tenant/activation', who: secretary, at: 'activation' },
  {
    name: 'slips-print',
    route: '/:tenant/files/slips/:class',
    who: secretary,
    at: 'activation',
    then: async (page) => {
      const issue = page.getByRole('button', { name: '签发激活单', exact: true });
      const print = page.getByRole('main').getByRole('link', { name: '打印', exact: true });
      await ((await print.count()) > 0 ? print : issue).first().click();
      await expect(page.getByRole('heading', { name: '账号激活单' })).toBeVisible();
    },
  },
  { name: 'slips-print-all', route: '/:tenant/files/slips/all', who: secretary, at: 'files/slips/all' },
  { name: 'slips-print-staff', route: '/:tenant/files/slips/staff', who: admin, at: 'files/slips/staff' },
  {
    name: 'slip-not-open',
    route: '/:tenant/files/slips/one/:id',
    who: secretary,
    at: 'files/slips/one/01900000-0000-7000-8000-000000000000',
  },
  { name: 'organisation', route: '/:tenant/organisation', who: admin, at: 'organisation' },
  { name: 'staff', route: '/:tenant/staff', who: admin, at: 'staff' },
  { name: 'parameters', route: '/:tenant/parameters', who: admin, at: 'parameters' },
  { name: 'office-account', route: '/:tenant/account', who: admin, at: 'account' },
  { name: 'school', route: '/:tenant/school', who: admin, at: 'school' },
  { name: 'security', route: '/:tenant/security', who: it, at: 'security' },
  { name: 'operator-sign-in', route: '/operator/tenants', at: '/operator/tenants' },
  { name: 'operator', route: '/operator/tenants', who: operator, at: '/operator/tenants' },
];

async function go(page: Page, sight: Sight, language = ''): Promise<void> {
  if (sight.who !== undefined) {
    await sit(page, sight.who);
  }
  const at = sight.at ?? '';
  const path = at.startsWith('/') ? at : `/${sight.who?.tenant ?? 'shou'}/${at}`;
  await page.goto(`${path}${language && (path.includes('?') ? '&' : '?')}${language}`);
  if (sight.follow !== undefined) {
    const links = page.getByRole('main').getByRole('link');
    const to = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    const first = to.find((href) => sight.follow?.test(href));
    expect(first, `${sight.name}: a link like ${sight.follow.source}`).toBeTruthy();
    await page.goto(first ?? '');
  }
}

/** A picture of the whole page, in a window as high as the page: what sticks to the window's edge stands at its end. */
async function picture(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (size !== null) {
    await page.setViewportSize({ width: size.width, height: Math.min(Math.max(height, size.height), 8_000) });
  }
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  if (size !== null) {
    await page.setViewportSize(size);
  }
}

/** What folds is looked at open too: forms live there. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('main details')) {
      fold.setAttribute('open', '');
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

async function check(page: Page, name: string): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  expect.soft(told, `${name}: accessibility`).toEqual([]);
}

for (const sight of SIGHTS) {
  test(`${sight.name} is accessible, fits, and has its picture`, async ({ page, complaints }) => {
    mkdirSync(PICTURES, { recursive: true });
    for (const size of WIDTHS) {
      await page.setViewportSize(size);
      await go(page, sight);
      await sight.then?.(page);
      await check(page, `${sight.name} at ${size.width}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(wide, `${sight.name} at ${size.width} is wider than its window`).toBeLessThanOrEqual(0);
      await picture(page, `${sight.name}-${size.width}`);
      if (size.width === 360) {
        expect.soft(await small(page), `${sight.name}: controls too low for a finger`).toEqual([]);
      } else {
        await unfold(page);
        await check(page, `${sight.name}, unfolded`);
      }
    }
    if (sight.then === undefined) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await go(page, sight, 'lang=en');
      await check(page, `${sight.name}, dark and English`);
      await picture(page, `${sight.name}-dark-en-360`);
    }
    expect(complaints).toEqual([]);
  });
}

test('every page of the app is looked at', () => {
  const routes = readFileSync('../app/src/routes.rs', 'utf8');
  const pages = [...routes.matchAll(/path!\("([^"]+)"\)/g)].map(([, path]) => path);
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.filter((path) => !SIGHTS.some((sight) => sight.route === path))).toEqual([]);
});
