import { randomUUID } from 'node:crypto';
import { CodeSeals } from '@app/codes';
import { UnitOfWork } from '@app/database';
import type { ScanId } from '@app/kernel';
import type { Operator } from '@app/staff';
import { DryRun, ExplainScan } from './index';
import { ScanStage } from './scan-stage.contract';

let stage: ScanStage;
beforeAll(async () => {
  stage = await ScanStage.open();
});
afterAll(() => stage.close());

const clerk: Operator = { id: 3, login: 'clerk', name: '总部', roles: ['marketer'], distributorId: null };
const entitled: Operator = { ...clerk, rights: ['export-serials'] };
const owner: Operator = { ...clerk, roles: ['owner'] };

const drawn = (key: string) => ({ mode: 'drawn' as const, prizes: [{ key, odds: 1_000_000 }], fallbackPrizeKey: null });

/** A campaign that gives other money from serial `border` on. */
async function divided(border: number) {
  const batch = await stage.batch();
  const { campaignId } = await stage.campaign({
    ...{ batches: [batch.id], budgetId: await stage.budget(1_000_000) },
    prizes: [
      { kind: 'cash', key: 'low', name: '前段', amount: { type: 'uniform', minFen: 30, maxFen: 900 }, stock: null },
      { kind: 'cash', key: 'high', name: '后段', amount: { type: 'uniform', minFen: 30, maxFen: 900 }, stock: null },
    ],
    rules: [
      {
        ...{ key: 'low', name: '前段', then: drawn('low') },
        when: { field: 'serial', op: 'range', value: { from: 0, to: border - 1 } },
      },
      { key: 'high', name: '后段', when: { all: [] }, then: drawn('high') },
    ],
  });
  return { batch, campaignId };
}

async function sealed(batchId: number, from: number, to: number): Promise<() => Promise<void>> {
  const [seals, work, key] = [stage.app.get(CodeSeals), stage.app.get(UnitOfWork), `spec-${randomUUID()}`];
  await work.run((tx) => seals.seal(tx, key, { batchId, layer: 0, from, to }));
  return () => work.run((tx) => seals.open(tx, key));
}

describe('an explanation', () => {
  async function scanned(serial: number) {
    const { batch } = await divided(900);
    const [member, scanId] = [await stage.member(), randomUUID() as string as ScanId];
    await stage.scan(member, batch.text(serial), { scanId });
    const told = async (by: Operator | null) => {
      const { sentences, trace } = await stage.app.get(ExplainScan).run(`${member}-${scanId}`, by);
      const leaf = trace!.campaigns[0]!.rules[0]!.leaves[0]!;
      return { words: sentences.find((one) => one.includes('码序号')), seen: leaf.seen, result: leaf.result };
    };
    return { batch, told };
  }

  it('tells the serial to those who may export it, and to nobody else', async () => {
    const { told } = await scanned(437);
    for (const by of [entitled, owner, null]) expect(await told(by)).toMatchObject({ seen: 437, result: 'true' });
    const veiled = await told(clerk);
    expect(veiled).toMatchObject({ seen: '不公开', result: 'true' });
    expect(veiled.words).toContain('码序号 不公开 ∈ 0–899 ✓');
    expect(JSON.stringify(veiled)).not.toContain('437');
  });

  it('tells nobody while a deal over the range is open', async () => {
    const { batch, told } = await scanned(437);
    const open = await sealed(batch.id, 400, 500);
    for (const by of [clerk, entitled, owner, null]) expect(await told(by)).toMatchObject({ seen: '不公开' });
    await open();
    expect(await told(owner)).toMatchObject({ seen: 437 });
  });
});

describe('a dry run', () => {
  const ask = async (by: Operator | null, campaignId: number, code: string) => {
    const { decision, trace, pretended } = await stage.app
      .get(DryRun)
      .run({ campaignId, code, together: false, luck: '一' }, by);
    const { rules, draw } = trace.campaigns[0]!;
    return { decision, seen: rules[0]!.leaves[0]!.seen, point: draw!.point, pretended: pretended.join() };
  };

  it('answers the same for every code of a batch to somebody who may not know their serials', async () => {
    const { batch, campaignId } = await divided(438);
    const answers = [];
    for (const serial of [0, 437, 438, 999]) answers.push(await ask(clerk, campaignId, batch.text(serial)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]!.pretended).toContain('序号不公开');
  });

  it('takes the code as it is for somebody who may', async () => {
    const { batch, campaignId } = await divided(438);
    for (const by of [entitled, owner, null]) {
      expect(await ask(by, campaignId, batch.text(437))).toMatchObject({ seen: 437, decision: { ruleKey: 'low' } });
      const above = await ask(by, campaignId, batch.text(438));
      expect(above).toMatchObject({ seen: 438, decision: { ruleKey: 'high' } });
      expect(above.pretended).not.toContain('序号不公开');
    }
  });

  it('takes the first code of a sealed range for anyone of it', async () => {
    const { batch, campaignId } = await divided(438);
    await sealed(batch.id, 400, 500);
    const of = (serial: number) => ask(owner, campaignId, batch.text(serial));
    expect(await of(499)).toEqual(await of(437));
    expect(await of(437)).toMatchObject({ seen: 400, decision: { ruleKey: 'low' } });
  });
});
