import { formatCode } from '../text/code-text';
import { qrSvg, type ErrorLevel } from './qr';

/** One label of a sheet. */
export interface SheetLabel {
  readonly code: string;
  /** The URL the symbol carries. */
  readonly url: string;
  readonly productName: string;
  /** e.g. 盖内码. */
  readonly layerName: string;
}

export interface QrSheet {
  readonly title: string;
  /** A line under the title: batch, quantity, when. */
  readonly subtitle: string;
  readonly labels: readonly SheetLabel[];
  readonly level: ErrorLevel;
}

const COLUMNS = 4;
const ROWS = 6;
const PER_PAGE = COLUMNS * ROWS;

/** A printable HTML document of A4 pages, 24 labels each; opens in any browser, needs no network. */
export function qrSheetHtml(sheet: QrSheet): string {
  const pages: string[] = [];
  const total = Math.max(1, Math.ceil(sheet.labels.length / PER_PAGE));
  for (let page = 0; page < total; page++) {
    const labels = sheet.labels.slice(page * PER_PAGE, (page + 1) * PER_PAGE);
    pages.push(pageHtml(sheet, labels, page + 1, total));
  }
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(sheet.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<button class="print" type="button" onclick="print()">打印</button>
${pages.join('\n')}
</body>
</html>
`;
}

function pageHtml(sheet: QrSheet, labels: readonly SheetLabel[], page: number, pages: number): string {
  const content = labels.length
    ? `<div class="grid">${labels.map((label) => labelHtml(label, sheet.level)).join('')}</div>`
    : '<p class="empty">这一页还没有码：先在码批次里选一段，再来打印。</p>';
  return `<section class="page">
<header>${SEAL}<div class="title"><h1>${escapeHtml(sheet.title)}</h1><p>${escapeHtml(sheet.subtitle)}</p></div><p class="folio">${page} / ${pages}</p></header>
${content}
<footer><span>沿细线裁切 · 请勿缩放打印（选择“实际大小”）</span><span>一物一码，每枚仅此一份</span></footer>
</section>`;
}

function labelHtml(label: SheetLabel, level: ErrorLevel): string {
  return (
    `<figure>${qrSvg(label.url, { level })}<figcaption><b>${escapeHtml(label.productName)}</b>` +
    `<span class="layer">${escapeHtml(label.layerName)}</span><code>${formatCode(label.code)}</code></figcaption></figure>`
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The seal mark: a cinnabar square with 一 cut out of it and one finder corner. */
const SEAL = `<svg class="seal" viewBox="0 0 48 48" aria-hidden="true"><rect width="48" height="48" rx="11" fill="#C5362E"/>
<path d="M9 31.5c9.5-1.6 20-1.7 30-.6l-1.2 4.6c-9.4-1.1-18.7-1-27.8.6z" fill="#FBEDEA"/>
<path fill-rule="evenodd" d="M9 9h15v15H9zm3 3v9h9v-9z" fill="#FBEDEA"/><path d="M14.5 14.5h4v4h-4z" fill="#FBEDEA"/></svg>`;

const STYLE = `
@page{size:A4;margin:0}
*{box-sizing:border-box;margin:0}
:root{--ink:#1F2329;--ink-2:#646A73;--ink-3:#8F959E;--paper:#FAF8F5;--card:#FFFFFF;--line:#ECE8E1;--cinnabar:#C5362E;--cinnabar-wash:#FBEDEA}
body{background:var(--paper);color:var(--ink);font:13px/1.4 "PingFang SC","Noto Sans SC","Noto Sans CJK SC",sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.page{width:210mm;height:297mm;margin:24px auto;padding:11mm 12mm 8mm;background:var(--card);display:flex;flex-direction:column;gap:5mm;overflow:hidden;box-shadow:0 1px 3px rgb(31 35 41/.08),0 12px 32px rgb(31 35 41/.06);break-after:page}
.page:last-child{break-after:auto}
header{display:flex;align-items:center;gap:4mm}
.seal{width:12mm;height:12mm;flex:none}
.title{flex:1;min-width:0}
h1{font-size:20px;line-height:1.3;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.title p,.folio{color:var(--ink-2);font-variant-numeric:tabular-nums}
.grid{display:grid;grid-template-columns:repeat(${COLUMNS},1fr);grid-auto-rows:41.5mm;border:.2mm solid var(--line);border-width:.2mm 0 0 .2mm;align-content:start}
figure{position:relative;display:flex;flex-direction:column;align-items:center;padding:2mm 1mm 1mm;border:.2mm solid var(--line);border-width:0 .2mm .2mm 0;overflow:hidden;break-inside:avoid}
figure>svg{width:27.5mm;height:27.5mm;flex:none}
figcaption{width:100%;text-align:center}
figcaption b{display:block;font-size:12px;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.layer{position:absolute;left:1.4mm;top:1.6mm;writing-mode:vertical-rl;letter-spacing:.1em;font-size:10px;line-height:1.5;padding:1.2mm 0;border-radius:1mm;color:var(--cinnabar);background:var(--cinnabar-wash)}
code{display:block;margin-top:.5mm;font:500 11px/1.35 ui-monospace,"SF Mono","DejaVu Sans Mono",Menlo,monospace;color:var(--ink)}
.empty{flex:1;display:grid;place-items:center;color:var(--ink-2)}
footer{margin-top:auto;display:flex;justify-content:space-between;color:var(--ink-3);font-size:12px}
.print{position:fixed;right:24px;bottom:24px;border:0;border-radius:12px;padding:12px 24px;background:var(--cinnabar);color:#fff;font:600 16px/1.3 inherit;font-family:inherit;cursor:pointer;box-shadow:0 8px 24px rgb(158 36 31/.28)}
@media print{body{background:none}.page{margin:0;box-shadow:none}.print{display:none}}
`;
