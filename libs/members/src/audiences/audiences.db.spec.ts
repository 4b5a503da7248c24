import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reader, SqlValue } from '@app/database';
import type { MemberId } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { AudienceDirectory, ChangeAudience, CreateAudience, FillAudience, MembersForScan, TagMembers } from '../index';
import { CLERK, HQ, LOCAL, MembersStage, NATIONAL, REFRESH_MS } from '../members-stage.contract';

let stage: MembersStage;
beforeAll(async () => {
  stage = await MembersStage.open();
});
afterAll(() => stage.close());

const name = () => `人群 ${randomUUID().slice(0, 12)}`;
const create = (condition?: unknown) => stage.app.get(CreateAudience).run(HQ, { name: name(), condition });
const change = () => stage.app.get(ChangeAudience);
const fill = () => stage.app.get(FillAudience);
const directory = () => stage.app.get(AudienceDirectory);
const audiencesOf = async (member: MemberId, ids: number[], at?: Date) => {
  const facts = await stage.app.get(MembersForScan).readMembersForScan(stage.db.database, [member], ids, at);
  return facts.get(member)!.audiences;
};
const spenders = (fen: number) => ({ field: 'spendFen', op: 'gte', value: fen });

/** Counts the statements that go through it. */
function counting(): Reader & { statements: number } {
  const reader = {
    statements: 0,
    query: <T>(sql: string, params?: readonly SqlValue[]) => {
      reader.statements++;
      return stage.db.database.query<T>(sql, params);
    },
  };
  return reader;
}

describe('a scan asks', () => {
  it('which of the audiences a member is in, rules and lists alike, and of no others', async () => {
    const [rich, poor] = (await stage.members(2)) as [MemberId, MemberId];
    await stage.set(rich, { spend_fen: 90_000 });
    const tag = `t${randomUUID().slice(0, 8)}`;
    await stage.app.get(TagMembers).add(HQ, tag, [rich]);
    const bySpend = await create(spenders(50_000));
    const byTag = await create({ field: 'tags', op: 'hasAny', value: [tag] });
    const list = await create();
    const unasked = await create({ all: [] });
    await fill().add(HQ, list, [poor]);
    expect(await audiencesOf(rich, [bySpend, byTag, list])).toEqual([bySpend, byTag]);
    expect(await audiencesOf(poor, [bySpend, byTag, list])).toEqual([list]);
    expect(await audiencesOf(poor, [])).toEqual([]);
    expect(await audiencesOf(poor, [unasked])).toEqual([unasked]);
  });

  it('in one statement without audiences, in at most three with them, whatever the size of the group', async () => {
    const members = await stage.members(40);
    const [rule, list] = [await create(spenders(1)), await create()];
    const forScan = stage.app.get(MembersForScan);
    const plain = counting();
    expect((await forScan.readMembersForScan(plain, members)).size).toBe(40);
    expect(plain.statements).toBe(1);
    const first = counting();
    await forScan.readMembersForScan(first, members, [rule, list]);
    expect(first.statements).toBe(3);
    const again = counting();
    await forScan.readMembersForScan(again, members, [rule]);
    expect(again.statements).toBe(1);
  });

  it('and follows a change of the definition within the refresh', async () => {
    const member = await stage.signIn();
    await stage.set(member, { spend_fen: 700 });
    const id = await create(spenders(500));
    expect(await audiencesOf(member, [id])).toEqual([id]);
    await change().redefine(HQ, id, { name: name(), condition: spenders(1000), version: 1 });
    await sleep(REFRESH_MS + 5);
    expect(await audiencesOf(member, [id])).toEqual([]);
  });

  it('about days at the instant it is given', async () => {
    const member = await stage.signIn();
    const at = new Date('2026-03-10T04:00:00Z');
    await stage.set(member, { last_scan_at: new Date('2026-02-08T04:00:00Z') });
    const id = await create({ field: 'daysSinceLastScan', op: 'gte', value: 30 });
    expect(await audiencesOf(member, [id], at)).toEqual([id]);
    expect(await audiencesOf(member, [id], new Date('2026-03-09T04:00:00Z'))).toEqual([]);
  });

  it('about an audience that does not exist or was tampered with, and learns nothing at all', async () => {
    const member = await stage.signIn();
    const good = await create({ all: [] });
    expect(await audiencesOf(member, [good, 4_000_000_000])).toBeNull();
    const bad = await create({ all: [] });
    await stage.db.asOwner.query('UPDATE audiences SET rule_tree = ? WHERE id = ?', ['{"field":"openid"}', bad]);
    expect(await audiencesOf(member, [bad, good])).toBeNull();
    expect(await audiencesOf(member, [good])).toEqual([good]);
  });

  it('about a merged member, and hears of the one that is left, lists of both included', async () => {
    const { older, younger, merge } = await stage.twoVisitors();
    await stage.set(older, { spend_fen: 900 });
    const [rule, list] = [await create(spenders(500)), await create()];
    await fill().add(HQ, list, [younger]);
    await merge();
    expect(await audiencesOf(younger, [rule, list])).toEqual([rule, list]);
    expect(await audiencesOf(older, [rule, list])).toEqual([rule, list]);
    expect(await stage.count('audience_members WHERE audience_id = ?', [list])).toBe(1);
  });
});

describe('definitions', () => {
  it('are changed from the current version only, and every change is in the audit log', async () => {
    const id = await create(spenders(1));
    const wish = { name: name(), condition: spenders(2), version: 1 };
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => change().redefine(HQ, id, wish)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'stale_version', status: 409 });
    expect(await change().archive(HQ, id, { version: 2, archived: true })).toBe(3);
    expect(await directory().find(NATIONAL, id)).toMatchObject({ version: 3, archived: true, condition: spenders(2) });
    const { items } = await stage.app.get(AuditLog).list({ limit: 10, object: `audience:${id}` });
    expect(items.map(({ act }) => act)).toEqual([
      'members.archive-audience',
      'members.change-audience',
      'members.create-audience',
    ]);
    expect(items[1]!.details).toMatchObject({ before: { condition: spenders(1) }, after: { condition: spenders(2) } });
  });

  it('have names of their own', async () => {
    const taken = name();
    const make = () => stage.app.get(CreateAudience).run(HQ, { name: taken, condition: { all: [] } });
    const results = await Promise.allSettled([make(), make(), make()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'name_taken', status: 409 });
    const other = await create({ all: [] });
    const wish = { name: taken, condition: { all: [] }, version: 1 };
    await expect(change().redefine(HQ, other, wish)).rejects.toMatchObject({ code: 'name_taken' });
  });

  it('stay what they are: a rule does not become a list, nor a list a rule', async () => {
    const [rule, list] = [await create({ all: [] }), await create()];
    await expect(change().redefine(HQ, rule, { name: name(), version: 1 })).rejects.toMatchObject({
      code: 'kind_fixed',
    });
    await expect(
      change().redefine(HQ, list, { name: name(), condition: { all: [] }, version: 1 }),
    ).rejects.toMatchObject({ code: 'kind_fixed' });
    await expect(change().redefine(HQ, 4_000_000_000, { name: name(), version: 1 })).rejects.toMatchObject({
      status: 404,
    });
  });

  it.each([{ name: ' ' }, { name: '人'.repeat(65) }, { note: '备'.repeat(256) }])('refuse %j', async (fault) => {
    const wish = { name: name(), condition: { all: [] }, ...fault };
    await expect(stage.app.get(CreateAudience).run(HQ, wish)).rejects.toMatchObject({ status: 422 });
  });

  it('are listed page by page without the archived ones, to headquarters alone', async () => {
    const made = [await create({ all: [] }), await create(), await create(spenders(3))];
    await change().archive(HQ, made[1]!, { version: 1, archived: true });
    const seen: number[] = [];
    for (let cursor: string | null = null; ;) {
      const page = await directory().list(NATIONAL, { limit: 5, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    expect(seen.filter((id) => made.includes(id))).toEqual([made[0], made[2]]);
    await expect(directory().list(LOCAL, { limit: 5 })).rejects.toMatchObject({ status: 403 });
    await expect(directory().size(LOCAL, made[0]!)).rejects.toMatchObject({ status: 403 });
    await expect(stage.app.get(CreateAudience).run(CLERK, { name: name() })).rejects.toMatchObject({ status: 403 });
    await expect(fill().add(CLERK, made[1]!, [1 as MemberId])).rejects.toMatchObject({ status: 403 });
  });
});

describe('lists', () => {
  it('are filled by chunks, each of which may come again, and by many at once', async () => {
    const list = await create();
    const members = await stage.members(12);
    const results = await Promise.all(Array.from({ length: 6 }, () => fill().add(HQ, list, members)));
    expect(results.reduce((sum, { changed }) => sum + changed, 0)).toBe(12);
    expect(await fill().remove(HQ, list, members.slice(0, 5))).toEqual({ changed: 5, members: 7 });
    expect(await fill().remove(HQ, list, members.slice(0, 5))).toEqual({ changed: 0, members: 7 });
    const size = await directory().size(NATIONAL, list);
    expect(size).toMatchObject({ matched: 7, estimate: 7, exact: true });
    expect(new Set(size.sample.map(({ memberId }) => memberId))).toEqual(new Set(members.slice(5)));
  });

  it('refuse strangers, rules and audiences that are not there', async () => {
    const [list, rule] = [await create(), await create({ all: [] })];
    const member = await stage.signIn();
    await expect(fill().add(HQ, list, [member, 7 as MemberId])).rejects.toMatchObject({ code: 'no_such_member' });
    await expect(fill().add(HQ, rule, [member])).rejects.toMatchObject({ code: 'not_a_list', status: 409 });
    await expect(fill().add(HQ, 4_000_000_000, [member])).rejects.toMatchObject({ status: 404 });
    await expect(fill().add(HQ, list, [])).rejects.toMatchObject({ code: 'bad_member_list' });
    expect(await stage.count('audience_members WHERE audience_id = ?', [list])).toBe(0);
  });
});

describe('a preview', () => {
  it('counts exactly while everybody can be asked, and shows some of those who match', async () => {
    const adcode = 659_001;
    const members = await stage.members(14);
    for (const member of members) await stage.set(member, { last_adcode: adcode });
    const size = await directory().preview(NATIONAL, { field: 'lastPlace', op: 'within', value: adcode });
    expect(size.matched).toBeGreaterThanOrEqual(14);
    expect(size).toMatchObject({ exact: true, asked: size.members, estimate: size.matched });
    expect(size.sample).toHaveLength(10);
    expect(size.sample.every(({ lastAdcode }) => lastAdcode === adcode)).toBe(true);
    const everybody = await directory().preview(NATIONAL, { all: [] });
    expect(everybody.matched).toBe(everybody.members);
  });

  it('refuses a condition with faults and names the leaf', async () => {
    const faulty = { all: [{ field: 'tier', op: 'eq', value: 'diamond' }] };
    await expect(directory().preview(NATIONAL, faulty)).rejects.toMatchObject({
      code: 'bad_condition',
      details: [expect.objectContaining({ path: 'condition.all[0].value', code: 'bad_option' })],
    });
  });
});
