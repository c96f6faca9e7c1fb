import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '../../journey';
import { admissionPackage } from '../../stage/admission';
import { confirmed, menu, seated, settled } from '../../stage/desk';
import { University } from '../../stage/university';

test('a folder that is chosen arrives with the provinces in it', async ({ page, wasm, javaScriptEnabled }) => {
  const school = new University();
  await school.organise();
  await seated(page, school, 'admissions');
  const data = admissionPackage(school.year, school.salt);
  const above = mkdtempSync(join(tmpdir(), 'xj-folder-'));
  try {
    for (const [path, content] of data.files) {
      const file = join(above, '录取数据', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    await page.goto(`/${school.slug}/admission/imports`);
    await page.getByText('改为上传整个文件夹').click();
    await page.getByLabel('文件夹', { exact: true }).setInputFiles(join(above, '录取数据'));
    await page.getByRole('button', { name: '上传文件夹并检查' }).click();
    await expect(page).toHaveURL(/admission\/imports\/[0-9a-f-]+/);
  } finally {
    rmSync(above, { recursive: true });
  }
  const confirm = page.getByRole('button', { name: `确认入库 ${data.good.length} 人` });
  await settled(page, confirm, { wasm, javaScriptEnabled });
  await expect(page.getByRole('heading', { name: '录取数据.zip' })).toBeVisible();
  // Tables of one name are told apart by their folders alone: without them the package would be refused.
  const findings = page.getByRole('table', { name: '检查发现' });
  for (const person of [...data.dotted, ...data.bad]) {
    await expect(findings.getByRole('row').filter({ hasText: person.ksh }).first()).toBeVisible();
  }
  await confirm.click();
  await settled(page, page.getByRole('region', { name: '按处理结果' }).filter({ hasText: '已入库' }), {
    wasm,
    javaScriptEnabled,
  });
  await menu(page, '专业对应');
  const majors = page.getByRole('table', { name: '专业对应' });
  for (const province of ['上海市 本科批 综合改革', '江苏省 本科批 综合改革']) {
    await expect(majors.getByText(province).first()).toBeVisible();
  }
});

test('an import on which nothing was built is taken back', async ({ page, wasm, javaScriptEnabled }) => {
  const school = new University();
  await school.organise();
  await seated(page, school, 'admissions');
  const data = admissionPackage(school.year, school.salt);
  await page.goto(`/${school.slug}/admission/imports`);
  await page
    .getByLabel('文件', { exact: true })
    .setInputFiles({ name: '录取数据.zip', mimeType: 'application/zip', buffer: data.file });
  await page.getByRole('button', { name: '上传并检查' }).click();
  const confirm = page.getByRole('button', { name: `确认入库 ${data.good.length} 人` });
  await settled(page, confirm, { wasm, javaScriptEnabled });
  await confirm.click();
  const states = page.getByRole('region', { name: '按处理结果' });
  await settled(page, states.filter({ hasText: '已入库' }), { wasm, javaScriptEnabled });
  const here = page.url();
  await page.getByText('撤销这次导入').click();
  await expect(page.getByText(/可撤销至 \d+年\d+月\d+日/)).toBeVisible();
  await page.getByRole('button', { name: '撤销', exact: true }).click();
  await confirmed(page, school.password, '撤销');
  await expect(page.getByText('已撤销').first()).toBeVisible();
  await page.goto(here);
  await expect(page.getByRole('button', { name: '撤销', exact: true })).toHaveCount(0);
  await expect(states.filter({ hasText: '已入库' })).toHaveCount(0);
  // Nobody of them is left, and the same file may come again.
  await page.goto(`/${school.slug}/students`);
  await expect(page.getByText(data.good[0]?.ksh ?? 'nobody')).toHaveCount(0);
});
