import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '../../journey';
import { admissionPackage, list } from '../../stage/admission';
import { menu, seated, settled } from '../../stage/desk';
import { University } from '../../stage/university';

/** Rows of a list that take longer to confirm than an island waits between two questions. */
const MANY = 8_000;

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

test('the figures of a confirmation go on, and the page goes on after them', async ({ page, wasm, javaScriptEnabled }) => {
  test.setTimeout(180_000);
  const school = new University();
  await seated(page, school, 'admissions');
  await page.goto(`/${school.slug}/admission/imports`);
  await page
    .getByLabel('文件', { exact: true })
    .setInputFiles({ name: '名单.csv', mimeType: 'text/csv', buffer: list(school.year, MANY) });
  await page.getByRole('button', { name: '上传并检查' }).click();
  const confirm = page.getByRole('button', { name: `确认入库 ${MANY.toLocaleString('en')} 人` });
  await settled(page, confirm, { wasm, javaScriptEnabled });
  const asked: string[] = [];
  page.on('response', async (answer) => {
    if (answer.url().endsWith('/api/admission/progress')) {
      asked.push(await answer.text().catch(() => ''));
    }
  });
  await confirm.click();
  const figures = page.getByRole('status').getByText(new RegExp(`^\\d+ / ${MANY} 行$`));
  await settled(page, figures, { wasm, javaScriptEnabled });
  await expect(page.getByRole('progressbar', { name: '进度' })).toHaveAttribute('max', String(MANY));
  const done = page.getByRole('region', { name: '按处理结果' }).filter({ hasText: '已入库' });
  await settled(page, done, { wasm, javaScriptEnabled });
  if (wasm && javaScriptEnabled !== false) {
    expect(asked.some((text) => text.endsWith(`,${MANY}]`)), asked.join(' ')).toBe(true);
  } else {
    expect(asked, 'nobody asks without the island').toEqual([]);
  }
});
