import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../../journey';
import { admissionPackage } from '../../stage/admission';
import { account, arrivingCohort, sit } from '../../stage/demo';
import { confirmed, seated, settled, signIn } from '../../stage/desk';
import { look as lookAt } from '../../stage/look';
import type { Made } from '../../stage/made';
import { code } from '../../stage/totp';
import { program, schoolCode, setting, University } from '../../stage/university';
import type { Visitor } from '../../stage/visitor';
import { zip } from '../../stage/zip';

// Pages in states that somebody has to bring about. Each is looked at as the others are.

const REASON = '核对学籍注册信息';
const affairs = account('shou', 'xsc01');
const secretary = account('shou', 'xy01');
const operator = account('operator', '平台运营');
const arriving = account('shou', /待报到/);

const look = (page: Page, name: Made): Promise<void> => lookAt(page, name);

test('addresses that lead nowhere', async ({ page }) => {
  test.setTimeout(120_000);
  for (const [address, name] of [
    ['/nowhere/sign-in', 'no-such-school'],
    ['/nothing', 'no-such-page'],
    ['/shou/nothing', 'no-such-page-here'],
  ] as const) {
    const answer = await page.goto(address);
    expect(answer?.status(), address).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await look(page, name);
  }
});

/** Gives login and password on the operator's page. */
async function enter(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/operator/tenants');
  await page.getByLabel('账号', { exact: true }).fill(login);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
}

test('the operator opens a university and suspends it', async ({ page }) => {
  test.setTimeout(120_000);
  const slug = `op-${randomBytes(3).toString('hex')}`;
  await enter(page, operator.login, 'not the password');
  await expect(page.getByRole('heading', { name: '没有登录成功' })).toBeVisible();
  await look(page, 'operator-refused');
  await enter(page, operator.login, operator.password);
  await page.getByLabel('校名').fill('上海第二演示大学');
  await page.getByLabel('地址（小写字母）').fill(slug);
  await page.getByLabel('学校国标代码').fill(schoolCode());
  await page.getByLabel('省份').selectOption({ label: '上海市' });
  await page.getByLabel('首个管理员的工号').fill('admin');
  await page.getByLabel('首个管理员的姓名').fill('林管理');
  await page.getByRole('button', { name: '开通', exact: true }).click();
  await expect(page.getByText('学校已开通')).toBeVisible();
  await look(page, 'operator-made');
  await page.locator('select[name=slug]').first().selectOption(slug);
  await page.getByLabel('确认停用所选学校').check();
  await page.getByRole('button', { name: '停用', exact: true }).click();
  const line = page.getByRole('table', { name: '学校' }).getByRole('row').filter({ hasText: `/${slug}` });
  await expect(line).toContainText('已停用');
  await look(page, 'operator-suspended');
});

test('a post sets its second factor up', async ({ page }) => {
  test.setTimeout(120_000);
  const school = new University();
  await signIn(page, school, 'admissions', school.password);
  await expect(page.getByText('办公岗位须先启用动态口令')).toBeVisible();
  await look(page, 'factor-needed');
  await page.getByRole('button', { name: '启用动态口令' }).click();
  await expect(page.getByRole('img', { name: '动态口令二维码' })).toBeVisible();
  await expect(page.getByRole('button', { name: '启用动态口令' }), 'one way at a time').toHaveCount(0);
  await look(page, 'factor-set-up');
  const secret = await page.locator('.xj-copy').first().innerText();
  const digits = page.getByLabel('六位数字');
  const right = code(secret);
  await digits.fill(right === '000000' ? '000001' : '000000');
  await page.getByRole('button', { name: '启用', exact: true }).click();
  await expect(page.locator('.xj-refusal')).toBeVisible();
  await expect(page.locator('.xj-copy').first(), 'a mistyped code costs no new enrolment').toHaveText(secret);
  await expect(digits).toHaveAttribute('aria-invalid', 'true');
  await look(page, 'factor-wrong');
  await digits.fill(code(secret));
  await page.getByRole('button', { name: '启用', exact: true }).click();
  await expect(page.locator('.xj-list .xj-num')).not.toHaveCount(0);
  await look(page, 'factor-recovery');
});

// A demonstration demands no second factor of its operator (ADR 0076): this one sets it up unasked, and needs it from then on.
test('an operator sets a second factor up and signs in with it', async ({ page }) => {
  test.setTimeout(180_000);
  const login = `op-${randomBytes(3).toString('hex')}`;
  const password = `灯塔 九月 ${randomBytes(6).toString('hex')}`;
  const who = ['--operator', '--login', login, '--name', '周运维', '--password-stdin'];
  program(['account', 'create', ...who], password);
  await enter(page, login, password);
  await page.getByRole('link', { name: '账号', exact: true }).click();
  await page.getByRole('button', { name: '启用动态口令' }).click();
  await expect(page.getByRole('img', { name: '动态口令二维码' })).toBeVisible();
  const secret = await page.locator('.xj-copy').first().innerText();
  const digits = page.getByLabel('六位数字');
  await digits.fill(code(secret) === '000000' ? '000001' : '000000');
  await page.getByRole('button', { name: '启用', exact: true }).click();
  await expect(page.locator('.xj-refusal')).toBeVisible();
  await expect(page.locator('.xj-copy').first(), 'a mistyped code costs no new enrolment').toHaveText(secret);
  await look(page, 'operator-factor-wrong');
  await digits.fill(code(secret));
  await page.getByRole('button', { name: '启用', exact: true }).click();
  await expect(page.getByText('请抄下恢复码，只显示这一次')).toBeVisible();
  const recovery = await page.locator('.xj-list .xj-num').allInnerTexts();
  expect(recovery).toHaveLength(10);
  await look(page, 'operator-factor-recovery');

  await page.getByRole('button', { name: '退出' }).click();
  await enter(page, login, password);
  const factor = page.getByLabel('动态口令或恢复码');
  await expect(factor, 'the password alone opens nothing').toBeVisible();
  await expect(page.getByRole('button', { name: '退出' })).toHaveCount(0);
  await look(page, 'operator-factor-asked');
  await factor.fill('not a code');
  await page.getByRole('button', { name: '确认', exact: true }).click();
  await expect(page.getByRole('heading', { name: '没有登录成功' })).toBeVisible();
  await factor.fill(recovery[0] ?? '');
  await page.getByRole('button', { name: '确认', exact: true }).click();
  await expect(page.getByRole('button', { name: '开通', exact: true })).toBeVisible();
  await expect(page.getByRole('table', { name: '最近的登录与退出' })).toContainText('周运维');
});

/** The folder in which the service keeps the files of the university that was made last. */
function filesOfTheNewest(): string {
  const files = join(setting('XJ_DATA'), 'files');
  const newest = Math.max(...readdirSync(files).map(Number).filter(Number.isInteger));
  return join(files, String(newest));
}

async function send(page: Page, name: string, content: Buffer): Promise<void> {
  await page.getByLabel('文件', { exact: true }).setInputFiles({ name, mimeType: 'application/octet-stream', buffer: content });
  await page.getByRole('button', { name: '上传并检查' }).click();
  await expect(page).toHaveURL(/admission\/imports\/[0-9a-f-]+/);
}

test('an import whose file is out of reach stops, says so, and goes on', async ({ page, wasm, javaScriptEnabled }) => {
  const browsing = { wasm, javaScriptEnabled };
  test.setTimeout(180_000);
  const school = new University();
  await seated(page, school, 'admissions');
  const list = `/${school.slug}/admission/imports`;
  await page.goto(list);
  const row = `${school.year % 100}310115150001,张三,男,310115200803150010,汉族,海洋科学`;
  await send(page, '外省名单.csv', Buffer.from(`编号,名,男女,证,族别,去向\n${row}\n`));
  const columns = page.getByRole('heading', { name: '指定各列的含义' });
  await settled(page, columns, browsing);
  await look(page, 'import-columns');

  const fields = { 编号: 'KSH', 名: 'XM', 男女: 'XBDM', 证: 'ZJHM', 族别: 'MZDM', 去向: 'ZYMC' };
  for (const [heading, field] of Object.entries(fields)) {
    await page.getByLabel(heading, { exact: true }).selectOption(field);
  }
  const files = filesOfTheNewest();
  renameSync(files, `${files}.away`);
  try {
    await page.getByRole('button', { name: '保存对应关系并重新检查' }).click();
    await settled(page, page.getByText('后台任务没有完成'), browsing);
    await look(page, 'import-stopped');
  } finally {
    renameSync(`${files}.away`, files);
  }
  await page.getByRole('button', { name: '重新开始' }).click();
  await settled(page, page.getByRole('button', { name: '确认入库 1 人' }), browsing);
  await look(page, 'import-resumed');

  await page.goto(list);
  await send(page, '截断.zip', zip(new Map([['上海市 本科批 综合改革/T_TDD.DBF', Buffer.from([3, 126, 8])]])));
  await settled(page, page.getByText('文件无法读取，没有写入任何内容'), browsing);
  await look(page, 'import-unreadable');
});

/** Asks for a page until it says something. */
async function until(visitor: Visitor, path: string, said: RegExp): Promise<void> {
  await expect(async () => {
    expect(await visitor.see(path)).toMatch(said);
  }).toPass({ timeout: 60_000 });
}

test('majors are open, a cohort is offered and a part of it comes back', async ({ page }) => {
  test.setTimeout(180_000);
  const school = new University();
  await school.organise();
  const admissions = await school.seat('admissions');
  const content = admissionPackage(school.year, school.salt).file;
  const form = { year: String(school.year), path: 'ordinary', file: { name: '录取数据.zip', content } };
  const upload = await admissions.upload('admission', form);
  await until(admissions, upload, /确认入库 \d+ 人/);
  await admissions.submit(upload, '/api/admission/confirm');
  await until(admissions, upload, /已入库/);

  await seated(page, school, 'admissions');
  await page.goto(`/${school.slug}/admission/majors`);
  await expect(page.getByText('建议，待确认').first()).toBeVisible();
  await look(page, 'majors-open');
  await school.mapMajors();
  await page.goto(`/${school.slug}/handovers`);
  await expect(page.getByRole('button', { name: '移交学生处和学院' })).toBeVisible();
  await look(page, 'handover-offer');

  await admissions.submit('handovers', '/api/admission/offer', { note: '首批' });
  const other = await school.seat('other');
  const handover = /handovers\/[0-9a-f-]{36}/.exec(await other.see('handovers'))?.[0] ?? '';
  await other.submit(handover, '/api/admission/return', { reasons: '水产养殖学少两人，请核对上海市综合改革批次' });
  await page.goto(`/${school.slug}/${handover}`);
  await expect(page.getByText('水产养殖学少两人')).toBeVisible();
  await look(page, 'handover-returned');
});

test('a list of classes comes back with its findings and waits', async ({ page }) => {
  test.setTimeout(180_000);
  await sit(page, affairs);
  await page.goto('/shou/assign');
  const cohort = arrivingCohort('shou');
  const short = cohort % 100;
  const rows = [
    '考生号,学号,学院,专业,班级,辅导员',
    `${short}990000000001,,海洋科学与生态环境学院,海洋科学,海科${short}01,王老师`,
    `${arriving.login},,食品学院,食品科学与工程,不存在的班,不存在的人`,
    `${arriving.login},1,,,生技${short}01,`,
  ];
  await page.getByLabel('名单文件').setInputFiles({
    name: `${cohort}级编班名单（教务处核对稿）.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(`\uFEFF${rows.join('\r\n')}\r\n`),
  });
  await page.getByRole('button', { name: '上传并检查' }).click();
  await expect(page).toHaveURL(/sheet=/);
  await expect(page.getByRole('table', { name: '检查发现' })).toBeVisible();
  await look(page, 'assign-sheet');
  await page.goto('/shou/assign');
  await expect(page.getByText('已检查、未确认的名单')).toBeVisible();
  await look(page, 'assign-sheet-waiting');
});

test('an export is ready, a number and a code are shown once', async ({ page }) => {
  test.setTimeout(180_000);
  await sit(page, affairs);
  await page.goto('/shou/students?registration=returned');
  await page.getByLabel('用途').fill(REASON);
  await page.getByRole('button', { name: '导出 Excel' }).click();
  await confirmed(page, affairs.password, '导出 Excel');
  await expect(page).toHaveURL(/exports\?done=export/);
  await expect(async () => {
    await page.goto('/shou/exports');
    await expect(page.getByText('可下载').first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await look(page, 'export-ready');

  await page.goto('/shou/students');
  await page.getByRole('table', { name: '考生与学生' }).locator('tbody a').first().click();
  const fact = page.locator('.xj-fact', { hasText: '身份证号' }).first();
  await fact.getByText('显示', { exact: true }).click();
  await fact.getByLabel('理由').fill(REASON);
  await fact.getByRole('button', { name: '显示完整内容' }).click();
  await confirmed(page, affairs.password, '显示完整内容');
  await expect(fact).toContainText(/\d{17}[\dX]/);
  await look(page, 'reveal-shown');

  await sit(page, secretary);
  await page.goto('/shou/activation');
  await page.getByText('为一名学生重新签发').click();
  await page.getByLabel('学号或考生号').fill(arriving.login);
  await page.getByLabel('核验方式').selectOption('id_card');
  await page.getByLabel('说明（选填）').fill('忘记密码');
  await page.getByRole('button', { name: '签发', exact: true }).click();
  await expect(page.getByText('一次性代码，只显示这一次')).toBeVisible();
  await expect(page.getByText('，只能用一次。')).toBeVisible();
  await look(page, 'code-shown');
});
