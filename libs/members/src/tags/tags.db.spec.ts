import { randomUUID } from 'node:crypto';
import { Rejected, type MemberId } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { MAX_TAGS_OF_MEMBER, MemberDirectory, MembersForScan, TagDirectory, TagMembers } from '../index';
import { CLERK, HQ, LOCAL, MembersStage, NATIONAL } from '../members-stage.contract';
import { cleanTag } from './tag';

let stage: MembersStage;
let tags: TagMembers;
beforeAll(async () => {
  stage = await MembersStage.open();
  tags = stage.app.get(TagMembers);
});
afterAll(() => stage.close());

const newTag = () => `标签${randomUUID().slice(0, 12)}`;
const tagsOf = (member: MemberId) => stage.app.get(MemberDirectory).tags(NATIONAL, member);

it('tags many at once; who had the tag keeps it, and a second time changes nothing', async () => {
  const members = await stage.members(5);
  const tag = newTag();
  expect(await tags.add(HQ, tag, members.slice(0, 2))).toEqual({ changed: 2 });
  expect(await tags.add(HQ, ` ${tag} `, [...members, members[0]!])).toEqual({ changed: 3 });
  expect(await tags.add(HQ, tag, members)).toEqual({ changed: 0 });
  const facts = await stage.app.get(MembersForScan).readMembersForScan(stage.db.database, members);
  expect([...facts.values()].map((fact) => fact.tags)).toEqual(members.map(() => [tag]));
  expect(await tags.remove(HQ, tag, members.slice(0, 4))).toEqual({ changed: 4 });
  expect(await tags.remove(HQ, tag, members.slice(0, 4))).toEqual({ changed: 0 });
  expect(await tagsOf(members[4]!)).toEqual([tag]);
  const { items } = await stage.app.get(AuditLog).list({ limit: 10, object: `tag:${tag}` });
  expect(items.map(({ act }) => act)).toEqual(['members.untag', 'members.tag', 'members.tag']);
});

it('ends the same tagging asked for at once by many in one tag each', async () => {
  const members = await stage.members(3);
  const tag = newTag();
  const results = await Promise.all(Array.from({ length: 8 }, () => tags.add(HQ, tag, members)));
  expect(results.reduce((sum, { changed }) => sum + changed, 0)).toBe(3);
  for (const member of members) expect(String((await stage.row(member)).tags)).toBe(tag);
  expect(await stage.count('member_tags WHERE tag = ?', [tag])).toBe(3);
});

it('refuses unknown members, too many tags and strangers as a whole', async () => {
  const [member, other] = await stage.members(2);
  const tag = newTag();
  await expect(tags.add(HQ, tag, [member!, 5 as MemberId])).rejects.toMatchObject({
    code: 'no_such_member',
    details: { memberIds: [5] },
  });
  await expect(tags.add(CLERK, tag, [member!])).rejects.toMatchObject({ status: 403 });
  await expect(tags.add(HQ, tag, [])).rejects.toMatchObject({ code: 'bad_member_list' });
  for (let n = 0; n < MAX_TAGS_OF_MEMBER; n++) await tags.add(null, `第${n}个`, [member!]);
  await expect(tags.add(HQ, tag, [member!, other!])).rejects.toMatchObject({
    code: 'too_many_tags',
    details: { memberIds: [member] },
  });
  expect(await stage.count('member_tags WHERE tag = ?', [tag])).toBe(0);
  // All thirty of them come back in one row of the scan's read.
  const facts = await stage.app.get(MembersForScan).readMembersForScan(stage.db.database, [member!]);
  expect(facts.get(member!)!.tags).toHaveLength(MAX_TAGS_OF_MEMBER);
  expect([...facts.get(member!)!.tags].sort()).toEqual([...(await tagsOf(member!))].sort());
});

it('lists known tags with counts, page by page, to headquarters alone', async () => {
  const prefix = `~${randomUUID().slice(0, 8)}`;
  const members = await stage.members(2);
  await tags.add(HQ, `${prefix}a`, members);
  await tags.add(HQ, `${prefix}b`, [members[0]!]);
  const directory = stage.app.get(TagDirectory);
  const found: object[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await directory.list(NATIONAL, { limit: 3, cursor });
    found.push(...page.items.filter(({ tag }) => tag.startsWith(prefix)));
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  expect(found).toEqual([
    { tag: `${prefix}a`, members: 2 },
    { tag: `${prefix}b`, members: 1 },
  ]);
  await expect(directory.list(LOCAL, { limit: 3 })).rejects.toMatchObject({ status: 403 });
});

it('a merge leaves the tags of both, and later tags of the one that went are for the one that is left', async () => {
  const { older, younger, merge } = await stage.twoVisitors();
  const [both, his, late] = [newTag(), newTag(), newTag()];
  await tags.add(HQ, both, [older, younger]);
  await tags.add(HQ, his, [younger]);
  await merge();
  expect(new Set(await tagsOf(older))).toEqual(new Set([both, his]));
  expect(await tagsOf(younger)).toEqual([]);
  expect(await tags.add(HQ, late, [younger, older])).toEqual({ changed: 1 });
  const facts = await stage.app.get(MembersForScan).readMembersForScan(stage.db.database, [younger]);
  expect(new Set(facts.get(younger)!.tags)).toEqual(new Set([both, his, late]));
});

it.each(['', '   ', '一二三四五六七八九十一', 'a\nb', 'a\u200bb', 'x'.repeat(33)])('%j is no tag', (text) => {
  expect(() => cleanTag(text)).toThrow(Rejected);
});

it('a tag is composed and trimmed', () => {
  expect(cleanTag(' e\u0301 ')).toBe('\u00e9');
  expect(cleanTag('高价值客户')).toBe('高价值客户');
});
