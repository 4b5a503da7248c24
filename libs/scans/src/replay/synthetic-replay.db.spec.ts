import { randomUUID } from 'node:crypto';
import { campaignTemplate, SaveDraft, type CampaignContent } from '@app/campaigns';
import { CreateProduct } from '@app/codes';
import { ScanStage } from '../scan-stage.contract';
import { CampaignReplays, type StartReplay } from './campaign-replays';
import { ReplayCampaignHandler } from './replay-campaign.handler';
import type { MadeUpScans } from './synthetic-shape';

jest.setTimeout(60_000);

describe('replays of made-up scans', () => {
  let stage: ScanStage;
  let replays: CampaignReplays;

  beforeAll(async () => {
    stage = await ScanStage.open();
    replays = stage.app.get(CampaignReplays);
  });
  afterAll(() => stage.close());

  const ASKED: MadeUpScans = { people: 200, codesPerPerson: 4, days: 7, repeatShare: 0.2 };

  async function drafted(scope: CampaignContent['scope'], overrides: Partial<CampaignContent> = {}): Promise<number> {
    const content = campaignTemplate('没有历史', await stage.budget(10_000_000), { scope, caps: [], ...overrides });
    return (await stage.app.get(SaveDraft).run({ content, by: 1 })).campaignId;
  }
  const start = async (campaignId: number, change: Partial<StartReplay> = {}): Promise<number> =>
    (await replays.start({ campaignId, synthetic: ASKED, together: false, by: 1, ...change })).id;
  async function run(campaignId: number, change: Partial<StartReplay> = {}) {
    const id = await start(campaignId, change);
    await stage.app.get(ReplayCampaignHandler).handle({ replayId: id });
    return replays.shown(campaignId, id);
  }

  it('sells the batches in scope, pays for each code once, and leaves nothing behind but the result', async () => {
    const [small, large, other] = [await stage.batch({ quantity: 300 }), await stage.batch(), await stage.batch()];
    const campaignId = await drafted({ products: [], batches: [small.id, large.id] });
    const before = await stage.count('SELECT COUNT(*) FROM scans');
    const found = await run(campaignId);
    expect(found).toMatchObject({ state: 'done', days: 7, progress: { scans: 1_000, of: 1_000 } });
    const { items, ...shape } = found.synthetic!;
    expect(shape).toMatchObject({ seed: 1, scans: 1_000, people: 200, repeatShare: 0.2, phoneShare: 0.3 });
    expect(shape.regions).toHaveLength(34);
    expect(items.map(({ batch, product, quantity, layer }) => ({ batch, product, quantity, layer }))).toEqual([
      { batch: large.id, product: large.productId, quantity: 1_000, layer: 0 },
      { batch: small.id, product: small.productId, quantity: 300, layer: 0 },
    ]);
    expect(items.map(({ batch }) => batch)).not.toContain(other.id);
    const { result } = found;
    expect(result!.replayed.awards).toBeGreaterThan(700);
    expect(result!.replayed.awards).toBeLessThan(1_000);
    expect(result!.replayed.fen).toBe(result!.replayed.wins * 88);
    expect(result!.real).toEqual({ awards: 0, wins: 0, fen: 0, winners: 0 });
    expect(result!.days).toHaveLength(7);
    expect(Date.parse(result!.from!)).toBeGreaterThanOrEqual(found.from.getTime());
    expect(Date.parse(result!.to!)).toBeLessThan(found.to.getTime());
    expect(result!.differences.every(({ code }) => code === null)).toBe(true);
    expect(await stage.count('SELECT COUNT(*) FROM scans')).toBe(before);
    const again = await run(campaignId);
    expect(again.synthetic).toEqual(found.synthetic);
    expect((await run(campaignId, { synthetic: { ...ASKED, seed: 2 } })).result).not.toEqual(result);
  });

  it('pretends a batch for a product that has none, and refuses a scope without goods', async () => {
    const { id: product } = await stage.app.get(CreateProduct).run(
      {
        ...{ sku: `NEW-${randomUUID().slice(0, 8)}`, gtin: null, name: '新品', line: 'new', spec: '330 ml' },
        ...{ unitsPerCase: 24, imageUrl: null, priceFen: 300 },
      },
      { by: null },
    );
    const found = await run(await drafted({ products: [product], batches: [] }));
    expect(found.synthetic!.items).toEqual([
      { product, productLine: 'new', batch: 0, layer: 0, quantity: 2 ** 30, weight: 1 },
    ]);
    expect(found.result!.replayed.awards).toBeGreaterThan(700);
    const nothing = await drafted({ products: [], batches: [4_000_000] });
    await expect(start(nothing)).rejects.toMatchObject({ code: 'no_goods', status: 409 });
  });

  it('is cancelled like any other', async () => {
    const { id: batch } = await stage.batch();
    const campaignId = await drafted({ products: [], batches: [batch] });
    const id = await start(campaignId, { synthetic: { ...ASKED, people: 2_000, codesPerPerson: 100 } });
    const handled = stage.app.get(ReplayCampaignHandler).handle({ replayId: id });
    expect(await replays.cancel(campaignId, id, 1)).toEqual({ changed: true });
    await handled;
    expect(await replays.one(campaignId, id)).toMatchObject({ state: 'cancelled', result: null });
  });

  it('refuses figures that do not go together', async () => {
    const { id: batch } = await stage.batch();
    const campaignId = await drafted({ products: [], batches: [batch] });
    const shape = (change: Partial<MadeUpScans>) => ({ synthetic: { ...ASKED, ...change } });
    const half = (adcode: number) => ({ adcode, weight: 0.6 });
    for (const [change, code] of [
      [{ days: 3 }, 'days_or_synthetic'],
      [{ synthetic: undefined }, 'days_or_synthetic'],
      [shape({ days: 0 }), 'bad_days'],
      [shape({ days: 91 }), 'bad_days'],
      [shape({ regions: [half(340_000), half(440_000)] }), 'bad_shape'],
      [shape({ regions: [half(999_999)] }), 'bad_shape'],
      [shape({ people: 200_000, codesPerPerson: 100 }), 'bad_shape'],
      [shape({ repeatShare: 1 }), 'bad_shape'],
      [shape({ people: NaN }), 'bad_shape'],
    ] as const) {
      await expect(start(campaignId, change)).rejects.toMatchObject({ code, status: 422 });
    }
  });
});
