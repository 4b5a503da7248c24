// Puts the pictures of the browser specs side by side: one sheet a group, as docs/img/h5-<group>.jpg.
//   H5_PICTURES=DIR npm test -- apps/h5/test      takes them
//   node apps/h5/test/contact-sheet.mjs DIR       puts them together
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { SHEETS } from './contact-sheets.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('name the folder of the pictures');
const out = join(import.meta.dirname, '../../../docs/img');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
for (const [group, pictures] of Object.entries(SHEETS)) {
  const missing = pictures.filter(([name]) => !existsSync(join(folder, `${name}.png`)));
  if (missing.length > 0) throw new Error(`${group}: no picture of ${missing.map(([name]) => name).join(', ')}`);
  await page.setContent(sheet(pictures));
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.locator('main').screenshot({ path: join(out, `h5-${group}.jpg`), type: 'jpeg', quality: 78 });
  console.log(`docs/img/h5-${group}.jpg: ${pictures.length} states`);
}
await browser.close();

function sheet(pictures) {
  const figures = pictures.map(([name, words]) => {
    const data = readFileSync(join(folder, `${name}.png`)).toString('base64');
    return `<figure><img src="data:image/png;base64,${data}" alt=""><figcaption>${words}</figcaption></figure>`;
  });
  return `<style>
    body { margin: 0; font: 15px/1.5 'Noto Sans CJK SC', sans-serif; color: #1F2329; }
    main { display: grid; grid-template-columns: repeat(${pictures.length % 6 === 0 ? 6 : 5}, 1fr); gap: 20px 16px; padding: 20px; background: #ECE8E1; }
    figure { margin: 0; } img { display: block; width: 100%; border-radius: 10px; } figcaption { margin-top: 6px; text-align: center; }
  </style><main>${figures.join('')}</main>`;
}
