import { randomUUID } from 'node:crypto';
import type { CampaignContent } from '@app/campaigns';
import { ApiRig, type Desk } from './rig';

let rig: ApiRig;
let clerk: Desk;
let owner: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  clerk = await rig.desk();
  owner = await rig.desk({ role: 'owner' });
});
afterAll(() => rig.close());

const unique = (word: string) => `${word}${randomUUID().slice(0, 8)}`;
const paying = (when: object): Partial<CampaignContent> => ({
  rules: [
    {
      ...{ key: 'chosen', name: '选中的人', when: when as CampaignContent['rules'][number]['when'] },
      then: { mode: 'drawn', prizes: [{ key: 'small', odds: 1_000_000 }], fallbackPrizeKey: null },
    },
  ],
});
const campaignOf = async (when: object, change: Partial<CampaignContent> = {}) =>
  rig.campaign([(await rig.batch()).id], { ...paying(when), ...change });
const asks = (id: number) => ({ any: [{ field: 'audience', op: 'hasAny', value: [id] }] });
const gold = { field: 'tier', op: 'eq', value: 'gold' };

async function member(): Promise<number> {
  await rig.phone();
  return rig.count('SELECT id FROM members ORDER BY created_at DESC LIMIT 1');
}
const audience = async (condition?: object) =>
  (
    await clerk
      .post('/v1/console/audiences')
      .send({ name: unique('人群'), condition })
      .expect(201)
  ).body as {
    id: number;
  };
const list = (by: Desk, id: number, memberIds: number[], end = '') =>
  by.post(`/v1/console/audiences/${id}/members${end}`).send({ memberIds });
const tagging = (by: Desk, tag: string, memberIds: number[], act = 'tag') =>
  by.post(`/v1/console/members:${act}`).send({ tag, memberIds });
const inUse = (code: string, id: number) => ({ error: { code, details: { campaigns: [{ id }] } } });

it('a list that a campaign asks about is changed by the owner alone, until the campaign is over', async () => {
  const [who, { id }] = [await member(), await audience()];
  await list(clerk, id, [who]).expect(200);
  const campaignId = await campaignOf(asks(id));
  for (const end of ['', '/remove']) {
    const { body } = await list(clerk, id, [who], end).expect(409);
    expect(body).toMatchObject(inUse('audience_in_use', campaignId));
    expect((body as { error: { message: string } }).error.message).toContain('「活动');
  }
  expect((await list(owner, id, [who], '/remove').expect(200)).body).toEqual({ changed: 1, members: 0 });
  expect(
    await rig.count("SELECT COUNT(*) FROM audit_log WHERE act = 'members.unlist-members' AND object = ?", [
      `audience:${id}`,
    ]),
  ).toBe(1);
  await clerk.post(`/v1/console/campaigns/${campaignId}/end`).send({ reason: '结束' }).expect(200);
  await list(clerk, id, [who]).expect(200);
});

it('the condition of an audience that an armed burst asks about is changed by the owner alone; its name by anybody', async () => {
  const { id } = await audience(gold);
  const campaignId = await campaignOf(
    { not: asks(id) },
    { lane: 'burst', burst: { fence: [340000], maxHours: 4, maxCount: 100, maxFen: 100_000 } },
  );
  const wish = (version: number, condition: object) => ({ name: unique('人群'), note: '', condition, version });
  const put = (by: Desk, body: object) => by.put(`/v1/console/audiences/${id}`).send(body);
  await put(clerk, wish(1, gold)).expect(200);
  const wider = { any: [gold, { field: 'tier', op: 'eq', value: 'platinum' }] };
  expect((await put(clerk, wish(2, wider)).expect(409)).body).toMatchObject(inUse('audience_in_use', campaignId));
  await put(owner, wish(2, wider)).expect(200);
});

it('a tag that a campaign asks about, itself or through an audience, is given and taken by the owner alone', async () => {
  const who = await member();
  const [direct, through, free] = [unique('甲'), unique('乙'), unique('丙')];
  const has = (tag: string) => ({ field: 'tags', op: 'hasNone', value: [tag] });
  const { id } = await audience(has(through));
  for (const [tag, when] of [
    [direct, { all: [gold, has(direct)] }],
    [through, asks(id)],
  ] as const) {
    await tagging(clerk, tag, [who]).expect(200);
    const campaignId = await campaignOf(when);
    for (const act of ['tag', 'untag']) {
      expect((await tagging(clerk, tag, [who], act).expect(409)).body).toMatchObject(inUse('tag_in_use', campaignId));
    }
    expect((await tagging(owner, tag, [who], 'untag').expect(200)).body).toEqual({ changed: 1 });
  }
  await tagging(clerk, free, [who]).expect(200);
});
