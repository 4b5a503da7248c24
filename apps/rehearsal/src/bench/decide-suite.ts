import {
  campaignTemplate,
  compileCampaign,
  decide,
  drawsOf,
  hashCampaign,
  validateCampaign,
  type CompiledVersion,
  type DecisionState,
  type Rule,
  type ScanFacts,
} from '@app/campaigns';
import { createHmac, randomBytes } from 'node:crypto';
import { compare, rateOf, type Row } from './measure';

const RULES = 10;

/** One decision over a campaign whose last of ten rules matches, beside one HMAC: the draw alone costs that much. */
export async function decideSuite(rounds: number, quick: boolean): Promise<Row[]> {
  const version = tenRules();
  const key = randomBytes(32);
  const forMs = quick ? 200 : 1_000;
  let serial = 0;
  const one = (): void => {
    const code = { batch: 7, layer: 0, serial: serial++ };
    const decision = decide([version], factsOf(code.serial), STATE, drawsOf(key, code));
    if (decision.kind !== 'award') throw new Error(`the decision was ${decision.kind}`);
  };
  const hmac = (): void => void createHmac('sha256', key).update('draw|1|7:0:1').digest();
  return [
    await compare({
      ...{ suite: 'decide', what: 'decide() over 10 rules, with its draw', rounds },
      a: { name: 'decide()', sample: () => Promise.resolve(rateOf(one, forMs)) },
      b: { name: 'one createHmac(sha256)', sample: () => Promise.resolve(rateOf(hmac, forMs)) },
    }),
  ];
}

const STATE: DecisionState = {
  status: () => 'live',
  capUsed: () => ({ countDay: 0, countMonth: 0 }),
  stockLeft: () => null,
  budgetLeft: () => 1e12,
};

function tenRules(): CompiledVersion {
  const then = { mode: 'drawn' as const, prizes: [{ key: 'small', odds: 1_000_000 }], fallbackPrizeKey: null };
  const provinces = [110_000, 310_000, 320_000, 330_000, 440_000, 510_000, 370_000, 410_000, 420_000];
  const regional = provinces.map((value, at): Rule => ({
    ...{ key: `r${at}`, name: `规则 ${at}`, then },
    when: {
      all: [
        { field: 'region', op: 'within', value },
        { field: 'tier', op: 'in', value: ['gold', 'platinum'] },
        { field: 'nthScan', op: 'everyNth', value: 3 },
      ],
    },
  }));
  const last = { key: 'all', name: '人人', when: { all: [] }, then };
  const check = validateCampaign(campaignTemplate('测量', 1, { rules: [...regional, last] }));
  if (!check.ok) throw new Error(JSON.stringify(check.findings));
  if (check.content.rules.length !== RULES) throw new Error('not ten rules');
  const contentHash = hashCampaign(check.content);
  return compileCampaign({ campaignId: 1, versionId: 1, versionNo: 1, contentHash, content: check.content });
}

function factsOf(serial: number): ScanFacts {
  return {
    ...{ product: 1, productLine: 'bench', batch: 7, lot: null, layer: 0, serial, firstScanOfCode: true },
    region: { adcode: 340_100, trust: 'ip', accuracyM: null },
    ...{ tier: 'regular', memberIsNew: false, at: new Date('2026-07-18T11:30:00Z') },
    nthScan: { ever: 5, day: 2, campaign: () => 3 },
  };
}
