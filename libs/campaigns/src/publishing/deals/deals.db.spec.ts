import { createHash } from 'node:crypto';
import { CodeBook, ExportCodes } from '@app/codes';
import { dealPosition, type CampaignContent, type DealtTable } from '../../index';
import { PublishingStage, refusal } from '../publishing-stage.contract';
import { DealProofs } from './deal-proof';

let stage: PublishingStage;
let proofs: DealProofs;
beforeAll(async () => {
  stage = await PublishingStage.open();
  proofs = new DealProofs(stage.db.database);
});
afterAll(() => stage.close());

const prizes: CampaignContent['prizes'] = [
  { kind: 'cash', key: 'big', name: '88 元', amount: { type: 'fixed', fen: 8800 }, stock: null },
  { kind: 'cash', key: 'small', name: '0.88 元', amount: { type: 'fixed', fen: 88 }, stock: null },
];
const dealt = (batch: number, big = 3, to = 100): DealtTable => ({
  mode: 'dealt',
  segment: { batch, layer: 0, from: 20, to },
  prizes: [
    { key: 'big', count: big },
    { key: 'small', count: to - 20 - big },
  ],
});
async function dealing(then?: DealtTable): Promise<{ content: CampaignContent; batch: number }> {
  const { product, batch } = await stage.batch(1000);
  const budgetId = await stage.budget(100_000_000);
  const rules = [{ key: 'dealt', name: '预埋', when: { all: [] }, then: then ?? dealt(batch) }];
  const content = stage.content({ rules, prizes, budgetId, scope: { products: [product], batches: [] } });
  return { content, batch };
}
const everything = async (): Promise<string> => {
  const tables = [
    'campaign_deals',
    'campaigns',
    'campaign_versions',
    'campaign_submissions',
    'audit_log',
    'code_seals',
  ];
  const rows = await Promise.all(tables.map((table) => stage.db.asOwner.query(`SELECT * FROM ${table}`)));
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer'
      ? Buffer.from((value as { data: number[] }).data).toString('hex')
      : value,
  );
};

it('is committed to when it is published, and nothing in the database says what a code holds before it is opened', async () => {
  const { content, batch } = await dealing();
  const campaignId = await stage.publishNew(content);
  const before = await proofs.of(campaignId);
  expect(before.deals).toMatchObject([
    { ruleKey: 'dealt', seed: null, openedAt: null, text: `${batch}/0/20-100;big=3;small=77` },
  ]);
  expect(await refusal(stage.openDeals.run(campaignId))).toBe('deal_not_over');
  const stored = await everything();
  await stage.change.run({ campaignId, switch: 'end', by: stage.author.id, reason: '收官' });
  await stage.keep.run();
  const [deal] = (await proofs.of(campaignId)).deals;
  const { seed, text, commitment } = deal!;
  expect(seed).toMatch(/^[0-9a-f]{64}$/);
  expect(stored.includes(seed!)).toBe(false);
  expect(commitment).toBe(before.deals[0]!.commitment);
  // As anybody would check it, from the published words alone.
  expect(createHash('sha256').update(`${seed}\n${text}`).digest('hex')).toBe(commitment);
  const positions = Array.from({ length: 80 }, (_, index) => dealPosition(Buffer.from(seed!, 'hex'), 80, index));
  expect(positions.filter((position) => position < 3)).toHaveLength(3);
  expect(await stage.acts(campaignId)).toEqual(['save', 'publish', 'end', 'open-deals']);
  expect(await stage.openDeals.run(campaignId)).toEqual([]);
});

it('belongs to the campaign: no later version changes, moves or drops it', async () => {
  const { content, batch } = await dealing();
  const campaignId = await stage.publishNew(content);
  const next = async (rules: CampaignContent['rules'], others = prizes): Promise<string> => {
    await stage.save.run({ campaignId, content: { ...content, rules, prizes: others }, by: stage.author.id });
    return refusal(stage.publish.run({ campaignId, by: stage.author.id }));
  };
  const rule = content.rules[0]!;
  expect(await next([{ ...rule, then: dealt(batch, 2) }])).toBe('deal_fixed');
  expect(await next([{ ...rule, then: dealt(batch, 3, 101) }])).toBe('deal_fixed');
  expect(await next([{ ...rule, key: 'other' }])).toBe('deal_fixed');
  const drawn = { mode: 'drawn' as const, prizes: [{ key: 'small', odds: 1_000_000 }], fallbackPrizeKey: null };
  expect(await next([{ ...rule, then: drawn }])).toBe('deal_fixed');
  expect(await next([rule, { key: 'rest', name: '其余', when: { all: [] }, then: drawn }])).toBe('Error: went through');
  const [row] = await stage.db.database.query('SELECT COUNT(*) AS n FROM campaign_deals WHERE campaign_id = ?', [
    campaignId,
  ]);
  expect(row).toEqual({ n: '1' });
});

it('keeps the serials of its range to itself until it is opened', async () => {
  const { content, batch } = await dealing();
  const campaignId = await stage.publishNew(content);
  const exporter = new ExportCodes(stage.db.database, new CodeBook(stage.config.keys.codes), stage.config);
  const ask = (from: number, to: number) =>
    refusal(exporter.open({ batchId: batch, layer: 0, from, to, withSerial: true }, stage.owner));
  expect([await ask(0, 20), await ask(0, 21), await ask(99, 200)]).toEqual([
    'Error: went through',
    'range_sealed',
    'range_sealed',
  ]);
  await stage.change.run({ campaignId, switch: 'end', by: stage.author.id, reason: '收官' });
  await stage.keep.run();
  expect(await ask(0, 200)).toBe('Error: went through');
});

it('stays closed when the key is not the one it was committed with, and holds up no other', async () => {
  const { content } = await dealing();
  const campaignId = await stage.publishNew(content);
  await stage.db.asOwner.query('UPDATE campaign_deals SET commitment = REPEAT(CHAR(7), 32) WHERE campaign_id = ?', [
    campaignId,
  ]);
  const sound = await stage.publishNew((await dealing()).content);
  for (const id of [campaignId, sound]) await stage.change.run({ campaignId: id, switch: 'end', by: null, reason: '' });
  await stage.keep.run();
  expect((await proofs.of(campaignId)).deals[0]!.seed).toBeNull();
  expect((await proofs.of(sound)).deals[0]!.seed).not.toBeNull();
  await stage.db.asOwner.query('DELETE FROM campaign_deals WHERE campaign_id = ?', [campaignId]);
});
