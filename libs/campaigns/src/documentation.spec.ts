import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateCondition } from '@app/conditions';
import { SCAN_FIELDS, validateCampaign } from './index';

const page = readFileSync(join(__dirname, '../../../docs/campaigns.md'), 'utf8');
const examples = (kind: string): unknown[] =>
  [...page.matchAll(new RegExp('```json ' + kind + '\\n([\\s\\S]*?)```', 'g'))].map(([, text]) => JSON.parse(text!));

it('shows only documents that the linter admits without a remark', () => {
  const campaigns = examples('campaign');
  expect(campaigns).toHaveLength(1);
  for (const content of campaigns) expect(validateCampaign(content)).toEqual({ ok: true, content, findings: [] });
  const conditions = examples('condition');
  expect(conditions).toHaveLength(2);
  for (const condition of conditions)
    expect(validateCondition(condition, SCAN_FIELDS)).toEqual({ ok: true, condition });
});

it('lists every field with its label, type and operators', () => {
  const rows = SCAN_FIELDS.describe().map(
    ({ key, label, type, ops }) => `| \`${key}\` | ${label} | ${type} | ${ops.join(' ')} |`,
  );
  // Formatting may pad the cells.
  const lines = page.split('\n').map((line) => line.replace(/ +/g, ' '));
  const listed = lines.filter((line) => /^\| `\w+` \| [^|]+ \| [a-z-]+ \| [a-zA-Z ]+ \|$/.test(line));
  expect(listed.filter((line) => !rows.includes(line))).toEqual([]);
  expect(rows.filter((row) => !listed.includes(row))).toEqual([]);
});
