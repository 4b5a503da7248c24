import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateCondition } from '@app/conditions';
import { compileCampaign } from './compile-campaign';
import { decide } from './decide';
import type { CampaignStatus, Decision, DecisionState, ScanFacts, Used } from './decision';
import type { CampaignContent } from './document/campaign-content';
import { campaignTemplate } from './document/campaign-template';
import { validateCampaign } from './document/validate-campaign';
import { armOf } from './experiment-arm';
import { luck, scan, type Overrides } from './fixtures/scans';
import { SCAN_FIELDS } from './scan-fields';

const page = readFileSync(join(__dirname, '../../../docs/campaigns.md'), 'utf8');
const blocks = (kind: string): { key: string; json: unknown }[] =>
  [...page.matchAll(new RegExp('```json ' + kind + '(?: ([a-z-]+))?\\n([\\s\\S]*?)```', 'g'))].map(([, key, text]) => ({
    ...{ key: key ?? '', json: JSON.parse(text!) as unknown },
  }));

it('shows a whole document that the linter admits without a remark, and sound conditions', () => {
  const campaigns = blocks('campaign');
  expect(campaigns).toHaveLength(1);
  for (const { json } of campaigns) expect(validateCampaign(json)).toEqual({ ok: true, content: json, findings: [] });
  const conditions = blocks('condition');
  expect(conditions).toHaveLength(2);
  for (const { json } of conditions)
    expect(validateCondition(json, SCAN_FIELDS)).toEqual({ ok: true, condition: json });
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

it('lists every code the linter can say', () => {
  const folder = join(__dirname, 'document');
  const files = [...readdirSync(folder), ...readdirSync(join(folder, 'linter')).map((file) => `linter/${file}`)];
  const sources = files
    .filter((file) => file.includes('lint') && file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const said = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:error|warning|info|remark|unknown)\(\s*[^,]+,\s*'([a-z_]+)'/g)].map(([, code]) => code!),
  );
  expect(said.length).toBeGreaterThan(50);
  expect([...new Set(said)].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

interface Checks {
  readonly linter: readonly string[];
  readonly scans: readonly ScanCheck[];
}
interface ScanCheck {
  readonly scan: Overrides & { readonly at?: string; readonly nthInCampaign?: number; readonly memberOfArm?: string };
  /** Part per million, or position in a deal. */
  readonly luck?: number;
  readonly position?: number;
  readonly withoutLocation?: boolean;
  readonly status?: Readonly<Record<string, CampaignStatus>>;
  readonly used?: Readonly<Record<string, number>>;
  readonly usedFen?: Readonly<Record<string, number>>;
  readonly stock?: Readonly<Record<string, number>>;
  /** A prize, a refusal, or `no_rule`. */
  readonly gets: string;
  readonly campaign?: string;
  readonly fen?: number;
}
const checks = new Map(blocks('checks').map(({ key, json }) => [key, json as Checks]));
const examples = blocks('example').map(({ key, json }) => ({
  key,
  contents: [json].flat().map((part) => campaignTemplate('开盖有礼', 9, part as Partial<CampaignContent>)),
}));

it('has an example for every axis, each with its checks', () => {
  const keys = examples.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toEqual([...checks.keys()]);
  expect(keys).toEqual(
    expect.arrayContaining(
      [
        'lot',
        'code-batch',
        'code-range',
        'serial',
        'tier',
        'tag',
        'place',
        'time',
        'first-scan',
        'audience',
        'nth',
      ].concat([
        'gate-phone',
        'gate-share',
        'gate-lawful',
        'per-region',
        'burst',
        'dealt',
        'prizes',
        'caps',
        'experiment',
      ]),
    ),
  );
});

describe.each(examples)('$key', ({ key, contents }) => {
  const { linter, scans } = checks.get(key)!;

  it('gets from the linter exactly what the page says', () => {
    const findings = contents.flatMap((content) => validateCampaign(content).findings);
    expect(findings.map(({ severity, path, code }) => `${severity} ${path} ${code}`)).toEqual(linter);
    for (const { message, severity } of findings) {
      if (severity === 'error' && key === 'gate-share' && message.includes('先发奖')) expect(page).toContain(message);
    }
  });

  for (const [index, check] of scans.entries()) {
    it(`scan ${index + 1}: ${check.gets}`, () => {
      const decision = decideOn(contents, check);
      expect(outcome(decision)).toBe(check.gets);
      if (check.fen !== undefined) expect(decision).toMatchObject({ amountFen: check.fen });
      if (check.campaign === undefined) return;
      expect(decision.kind === 'no_rule' ? null : contents[decision.campaignId - 1]?.name).toBe(check.campaign);
    });
  }
});

it('shows for every lawful example a scan that gets something else', () => {
  const lawful = examples.filter(({ key }) => !checks.get(key)!.linter.some((finding) => finding.startsWith('error')));
  for (const { key } of lawful.filter((one) => one.key !== 'gate-lawful')) {
    expect([key, new Set(checks.get(key)!.scans.map(({ gets }) => gets)).size > 1]).toEqual([key, true]);
  }
});

function outcome(decision: Decision): string {
  if (decision.kind === 'award') return decision.prizeKey;
  return decision.kind === 'refused' ? decision.reason : 'no_rule';
}

function decideOn(contents: readonly CampaignContent[], check: ScanCheck): Decision {
  const versions = contents.map((content, index) =>
    compileCampaign({ campaignId: index + 1, versionId: index + 1, versionNo: 1, contentHash: '', content }),
  );
  const state: DecisionState = {
    status: (id) => check.status?.[contents[id - 1]!.name] ?? 'live',
    used: (_, counter): Used => ({ count: check.used?.[counter] ?? 0, fen: check.usedFen?.[counter] ?? 0 }),
    stockLeft: (_, prize) => check.stock?.[prize] ?? null,
    budgetLeft: () => 1e12,
  };
  const { withoutLocation = false } = check;
  return decide(versions, factsOf(contents, check), state, luck(check.luck ?? 0, check.position), { withoutLocation });
}

function factsOf(contents: readonly CampaignContent[], { scan: told }: ScanCheck): ScanFacts {
  const { at, nthInCampaign, memberOfArm, ...facts } = told;
  const base = scan(facts);
  return {
    ...base,
    at: at === undefined ? base.at : new Date(at),
    nthScan: nthInCampaign === undefined ? base.nthScan : { ...base.nthScan, campaign: () => nthInCampaign },
    member: memberOfArm === undefined ? base.member : { ...base.member, id: memberIn(contents[0]!, memberOfArm) },
  };
}

function memberIn({ experiment }: CampaignContent, arm: string): number {
  for (let id = 1; id < 1_000; id++) if (armOf(1, experiment!, id) === arm) return id;
  throw new Error(`nobody is in arm ${arm}`);
}
