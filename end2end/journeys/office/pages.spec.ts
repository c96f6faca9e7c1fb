import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../../journey';
import { account, arrivingCohort, sit, type Account } from '../../stage/demo';
import { MADE } from '../../stage/made';
import { look, lookInEnglish, lookOnPaper, OFFICE, PHONE, PICTURES } from '../../stage/look';

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
  /** A link to follow from there: in the main part, the first whose address matches, or the one so far after it. */
  follow?: RegExp;
  after?: number;
  /** Whether it is printed. */
  paper?: boolean;
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
const cohort = arrivingCohort('shou');
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
  {
    name: 'handover-changed',
    route: '/:tenant/handovers/:id',
    who: affairs,
    at: 'handovers',
    follow: /handovers\/[0-9a-f]/,
    after: 1,
    paper: true,
  },
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
  { name: 'students-filtered', route: '/:tenant/students', who: affairs, at: `students?year=${cohort}&unassigned=yes` },
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
  { name: 'record', route: '/:tenant/students/:id', who: affairs, at: 'students', follow: /students\/[0-9a-f]/, paper: true },
  { name: 'exports', route: '/:tenant/exports', who: affairs, at: 'exports' },
  { name: 'slips', route: '/:tenant/activation', who: secretary, at: 'activation' },
  {
    name: 'slips-print',
    route: '/:tenant/files/slips/:class',
    who: secretary,
    at: 'activation',
    paper: true,
    then: async (page) => {
      const issue = page.getByRole('button', { name: '签发激活单', exact: true });
      const print = page.getByRole('main').getByRole('link', { name: '打印', exact: true });
      await ((await print.count()) > 0 ? print : issue).first().click();
      await expect(page.getByRole('heading', { name: '账号激活单' })).toBeVisible();
    },
  },
  { name: 'slips-print-all', route: '/:tenant/files/slips/all', who: secretary, at: 'files/slips/all', paper: true },
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
  { name: 'operator-account', route: '/operator/account', who: operator, at: '/operator/account' },
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
    const fit = [...new Set(to.filter((href) => sight.follow?.test(href)))];
    const first = fit[sight.after ?? 0];
    expect(first, `${sight.name}: a link like ${sight.follow.source}`).toBeTruthy();
    await page.goto(first ?? '');
  }
}

for (const sight of SIGHTS) {
  test(`${sight.name} is accessible, fits, and has its pictures`, async ({ page, complaints }) => {
    // The widest tables and the most forms are looked at four times.
    test.setTimeout(300_000);
    await page.setViewportSize(OFFICE);
    await go(page, sight);
    await sight.then?.(page);
    await look(page, sight.name);
    if (sight.paper === true) {
      await lookOnPaper(page, sight.name);
      await page.emulateMedia({ media: 'screen' });
    }
    if (sight.then === undefined) {
      await go(page, sight, 'lang=en');
      await lookInEnglish(page, sight.name);
    }
    expect(complaints).toEqual([]);
  });
}

/** ADR 0080: a phone with a fixed focus reads modules of half a millimetre from paper. */
test('the codes on printed slips are wide enough', async ({ page }) => {
  await sit(page, secretary);
  await page.setViewportSize({ width: 794, height: 1123 });
  await page.emulateMedia({ media: 'print' });
  await page.goto('/shou/files/slips/all');
  const code = page.getByRole('img', { name: '激活二维码' }).first();
  const box = await code.boundingBox();
  const modules = Number((await code.getAttribute('viewBox'))?.split(' ')[2]);
  const millimetres = ((box?.width ?? 0) * 25.4) / 96;
  expect(millimetres).toBeGreaterThanOrEqual(30);
  expect(millimetres / modules).toBeGreaterThanOrEqual(0.5);
});

/** The pages of the policy table; the entrance and bare errors are none. */
function policyPages(): string[] {
  const policy = readFileSync('../app/domain/src/institution/policy.rs', 'utf8');
  const pages = [...policy.matchAll(/^ {4}\w+ = "([^"]+)", Page,/gm)].map(([, op = '']) => op);
  return pages.map((op) => (op.startsWith('operator/') ? `/${op}` : `/:tenant/${op}`));
}

test('every page of the app and of the policy is looked at', () => {
  const routes = readFileSync('../app/src/routes.rs', 'utf8');
  const pages = [...routes.matchAll(/path!\("([^"]+)"\)/g)].map(([, path]) => path);
  const all = new Set([...pages, ...policyPages()]);
  expect(policyPages().length).toBeGreaterThan(20);
  expect(all.size).toBeGreaterThan(25);
  expect([...all].filter((path) => !SIGHTS.some((sight) => sight.route === path))).toEqual([]);
});

test('every page has its pictures', () => {
  // `cargo xtask test` clears the folder first; a part of the journeys makes a part of the pictures.
  const absent = (name: string): boolean => !existsSync(join(PICTURES, `${name}.png`));
  const sights = SIGHTS.flatMap(({ name }) => [`${name}-${OFFICE.width}`, `${name}-${PHONE.width}`, `${name}-dark-${OFFICE.width}`]);
  const paper = SIGHTS.filter((sight) => sight.paper === true).map(({ name }) => `${name}-paper-794`);
  const made = MADE.flatMap((name) => [`${name}-${OFFICE.width}`, `${name}-${PHONE.width}`]);
  expect([...sights, ...paper, ...made].filter(absent)).toEqual([]);
});
