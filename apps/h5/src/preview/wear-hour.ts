import type { Hour } from './example';

const DARK = /prefers-color-scheme:\s*dark/;
/** Rules for dark phones, as they were written, once they were found. */
const found = new WeakSet<CSSMediaRule>();

/** Shows the page as a phone in that scheme does, whatever the scheme of the desk: the rules for dark phones hold always, or never. */
export function wearHour(hour: Hour): void {
  for (const sheet of document.styleSheets) each(sheet.cssRules, hour);
  document.documentElement.style.setProperty('color-scheme', hour === 'night' ? 'dark' : 'light');
}

function each(rules: CSSRuleList, hour: Hour): void {
  for (const rule of rules) {
    if (!(rule instanceof CSSMediaRule)) continue;
    if (!found.has(rule) && !DARK.test(rule.media.mediaText)) continue;
    found.add(rule);
    rule.media.mediaText = hour === 'night' ? 'all' : 'not all';
  }
}
