import { asWanted, expect, test } from '../../journey';
import { admissionPackage } from '../../stage/admission';
import { firstSignIn, menu, settled } from '../../stage/desk';
import { read } from '../../stage/qr';
import { University } from '../../stage/university';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

test('from the provinces’ files to the student’s phone @both', async ({ page, another, wasm, javaScriptEnabled, withheld }) => {
  test.setTimeout(180_000);
  const school = new University();
  await school.organise();
  const data = admissionPackage(school.year, school.salt);
  const expected = data.good.length + data.dotted.length;
  const [student] = data.good;
  if (student === undefined) {
    throw new Error('the package is empty');
  }

  await test.step('Admissions signs in and uploads the package', async () => {
    await firstSignIn(page, school, 'admissions');
    await menu(page, '录取数据导入');
    await expect(page.getByText('还没有导入录取数据')).toBeVisible();
    await page
      .getByLabel('文件', { exact: true })
      .setInputFiles({ name: '录取数据.zip', mimeType: 'application/zip', buffer: data.file });
    await page.getByRole('button', { name: '上传并检查' }).click();
    await expect(page).toHaveURL(/admission\/imports\/[0-9a-f-]+/);
  });

  await test.step('the check ends and shows what it found', async () => {
    await settled(page, page.getByRole('button', { name: /^确认入库/ }), { wasm, javaScriptEnabled });
    const totals = page.getByRole('region', { name: '按问题种类' });
    await expect(totals.getByRole('link').filter({ hasText: '间隔号' })).toContainText(String(data.dotted.length));
    await expect(totals.getByRole('link').filter({ hasText: '校验' })).toContainText(String(data.bad.length));
    const findings = page.getByRole('table', { name: '检查发现' });
    for (const person of [...data.dotted, ...data.bad]) {
      await expect(findings.getByRole('row').filter({ hasText: person.ksh }).first()).toBeVisible();
    }
  });

  await test.step('the dots are accepted with a reason, and the good rows confirmed', async () => {
    await page.getByLabel('理由').fill('与身份证件一致');
    await page.getByRole('button', { name: '接受并记录理由' }).click();
    await expect(page.getByText('已接受并记录原因')).toBeVisible();
    await page.getByRole('button', { name: `确认入库 ${expected} 人` }).click();
    await settled(page, page.getByRole('region', { name: '按处理结果' }).filter({ hasText: '已入库' }), {
      wasm,
      javaScriptEnabled,
    });
  });

  await test.step('the majors are mapped and the cohort is handed over', async () => {
    await menu(page, '专业对应');
    const rows = page.getByRole('table', { name: '专业对应' }).getByRole('row');
    const open = rows.filter({ hasNotText: '已对应' }).filter({ has: page.getByRole('button', { name: '保存' }) });
    for (let left = await open.count(); left > 0; left -= 1) {
      await open.first().getByRole('button', { name: '保存' }).click();
      await expect(open).toHaveCount(left - 1);
    }
    await menu(page, '录取信息移交');
    await expect(page.getByRole('heading', { name: new RegExp(`${expected} 人待移交`) })).toBeVisible();
    await page.getByRole('button', { name: '移交学生处和学院' }).click();
    await expect(page.getByText('已移交，等待接收')).toBeVisible();
  });

  const affairs = await another();
  const secretary = await another({ deviceScaleFactor: 3 });
  await test.step('Student Affairs and both colleges receive', async () => {
    const desks = [
      ['student-affairs', affairs],
      ['secretary', secretary],
      ['other', await another()],
    ] as const;
    for (const [post, desk] of desks) {
      await firstSignIn(desk, school, post);
      await menu(desk, '录取信息移交');
      await desk.getByRole('table', { name: '移交记录' }).getByRole('link').first().click();
      await desk.getByRole('button', { name: /^核对无误，接收/ }).first().click();
      await expect(desk.getByText('已接收').first()).toBeVisible();
    }
  });

  const link = await test.step('classes and numbers by rule; the secretary issues slips', async () => {
    await menu(affairs, '编班编学号');
    await affairs.getByRole('button', { name: `编入 ${expected} 人` }).click();
    await expect(affairs.getByText('没有待编班的学生')).toBeVisible();
    await menu(secretary, '激活单');
    const line = secretary.getByRole('table', { name: '激活单' }).getByRole('row').filter({ hasText: '海科1班' });
    await line.getByRole('button', { name: '签发激活单' }).click();
    await expect(secretary.getByRole('heading', { name: '账号激活单' })).toBeVisible();
    const slip = secretary.getByRole('listitem').filter({ hasText: student.name });
    await expect(slip).toContainText('海科1班');
    // On paper each slip has a line to cut along, on its four sides, and none is torn by the end of a sheet.
    await secretary.emulateMedia({ media: 'print' });
    for (const side of ['top', 'right', 'bottom', 'left']) {
      await expect(slip).toHaveCSS(`border-${side}-style`, 'dashed');
    }
    await expect(slip).toHaveCSS('break-inside', 'avoid');
    await secretary.emulateMedia({ media: null });
    return read(slip.getByRole('img', { name: '激活二维码' }));
  });

  await test.step('the student scans the slip, chooses a password and sees the own registration', async () => {
    const phone = await another(PHONE);
    await phone.goto(link);
    await expect(phone.getByText(`${student.name.at(0)}*${student.name.at(-1)} · `)).toBeVisible();
    await phone.getByLabel('设置密码').fill('12345678');
    await phone.getByRole('button', { name: '激活' }).click();
    await expect(phone.getByText('至少 12 个字符').first()).toBeVisible();
    await phone.getByLabel('设置密码').fill(school.password);
    await phone.getByRole('button', { name: '激活' }).click();
    await expect(phone.getByRole('heading', { name: `${student.name.at(0)}*${student.name.at(-1)}，你好` })).toBeVisible();
    await expect(phone.getByText('账号已激活，下次用学号或考生号登录')).toBeVisible();
    await expect(phone.getByText('海科1班').first()).toBeVisible();
    await expect(phone.getByText('现在要做').or(phone.getByText('没有需要你办理的事')).first()).toBeVisible();
    await expect(phone.getByRole('heading', { name: '学籍注册进度' })).toBeVisible();
    await expect(phone.getByText('未采集').first()).toBeVisible();
    await asWanted(phone, { wasm, javaScriptEnabled, withheld });
  });
});
