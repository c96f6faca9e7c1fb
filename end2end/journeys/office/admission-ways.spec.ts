import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '../../journey';
import { admissionPackage } from '../../stage/admission';
import { menu, seated, settled } from '../../stage/desk';
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
