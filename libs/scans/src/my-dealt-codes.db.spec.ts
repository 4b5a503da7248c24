import { dealPosition, DealProofs, OpenDeals, SwitchCampaign } from '@app/campaigns';
import type { MemberId } from '@app/kernel';
import { MyDealtCodes } from './index';
import { ScanStage } from './scan-stage.contract';

let stage: ScanStage;
beforeAll(async () => {
  stage = await ScanStage.open();
});
afterAll(() => stage.close());

const N = 60;

/** A campaign that deals 10 big and 50 small packets over serials 20 … 79, and pays everything else 30 fen. */
async function dealing() {
  const batch = await stage.batch();
  const { campaignId } = await stage.campaign({
    ...{ batches: [batch.id], budgetId: await stage.budget(1_000_000), caps: [] },
    prizes: [
      { kind: 'cash', key: 'big', name: '8.80 元', amount: { type: 'fixed', fen: 880 }, stock: null },
      { kind: 'cash', key: 'small', name: '0.30 元', amount: { type: 'fixed', fen: 30 }, stock: null },
    ],
    rules: [
      {
        ...{ key: 'dealt', name: '预埋', when: { all: [] } },
        then: {
          mode: 'dealt',
          segment: { batch: batch.id, layer: 0, from: 20, to: 20 + N },
          prizes: [
            { key: 'big', count: 10 },
            { key: 'small', count: N - 10 },
          ],
        },
      },
      {
        ...{ key: 'rest', name: '其余', when: { all: [] } },
        then: { mode: 'drawn', prizes: [{ key: 'small', odds: 1_000_000 }], fallbackPrizeKey: null },
      },
    ],
  });
  const mine = (member: MemberId) => stage.app.get(MyDealtCodes).run(member, campaignId);
  const end = async (): Promise<void> => {
    await stage.app.get(SwitchCampaign).run({ campaignId, switch: 'end', by: 1, reason: '收官' });
    await stage.app.get(OpenDeals).run(campaignId);
  };
  return { batch, campaignId, mine, end };
}

it('tells each member their own dealt codes once the seed is open, and what they held follows from it', async () => {
  const { batch, campaignId, mine, end } = await dealing();
  const [member, other] = [await stage.member(), await stage.member()];
  const won = new Map<string, string>();
  for (const serial of [5, 20, 41, 79]) {
    const { reward } = (await stage.scan(member, batch.text(serial))).answer;
    expect(reward).toMatchObject({ campaignId, dealt: serial >= 20 });
    won.set(reward!.awardId, reward!.prizeName);
  }
  await stage.scan(other, batch.text(42));
  expect(await mine(member)).toEqual([]);
  await end();

  const codes = await mine(member);
  expect(codes.map(({ serial }) => serial)).toEqual([79, 41, 20]);
  expect((await mine(other)).map(({ serial }) => serial)).toEqual([42]);
  const [deal] = (await stage.app.get(DealProofs).of(campaignId)).deals;
  const seed = Buffer.from(deal!.seed!, 'hex');
  for (const { awardId, ruleKey, serial, prizeKey, prizeName } of codes) {
    expect([ruleKey, prizeName]).toEqual(['dealt', won.get(awardId)]);
    expect(dealPosition(seed, N, serial - 20) < 10 ? 'big' : 'small').toBe(prizeKey);
  }
});

it('has nothing to tell of a campaign that deals nothing, and knows no campaign that was never published', async () => {
  const batch = await stage.batch();
  const { campaignId } = await stage.campaign({ batches: [batch.id], budgetId: await stage.budget(1000) });
  const member = await stage.member();
  expect((await stage.scan(member, batch.text(1))).answer.reward).toMatchObject({ campaignId, dealt: false });
  expect(await stage.app.get(MyDealtCodes).run(member, campaignId)).toEqual([]);
  await expect(stage.app.get(MyDealtCodes).run(member, 4_000_000)).rejects.toMatchObject({ code: 'no_campaign' });
});
