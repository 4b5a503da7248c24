import type { MemberId } from '@app/kernel';
import { MemberNickname, ReadOwnRecords } from '../index';
import { MembersStage } from '../members-stage.contract';

let stage: MembersStage;
beforeAll(async () => {
  stage = await MembersStage.open();
});
afterAll(() => stage.close());

const names = () => stage.app.get(MemberNickname);
const sealed = async (member: MemberId) => (await stage.row(member))['nickname_sealed'] as Buffer | null;
const newcomer = () => stage.signIn();

it('is kept as it was tidied, told to its owner, changed and taken away', async () => {
  const member = await newcomer();
  expect(await names().of(member)).toBeNull();
  expect(await names().change(member, '  小　禾 ')).toBe('小 禾');
  expect(await names().of(member)).toBe('小 禾');
  expect((await stage.app.get(ReadOwnRecords).of(member)).nickname).toBe('小 禾');
  expect(await names().change(member, '禾禾')).toBe('禾禾');
  expect(await names().change(member, null)).toBeNull();
  expect(await names().change(member, null)).toBeNull();
  expect([await names().of(member), await sealed(member)]).toEqual([null, null]);
});

it('lies sealed with the key of its owner, in the row of its owner', async () => {
  const [mine, theirs] = [await newcomer(), await newcomer()];
  await names().change(mine, '小禾一号');
  const kept = await sealed(mine);
  expect(kept?.includes('小禾')).toBe(false);
  await stage.set(theirs, { nickname_sealed: kept });
  await expect(names().of(theirs)).rejects.toThrow();
});

it('changes nothing when it cannot be read', async () => {
  const member = await newcomer();
  await names().change(member, '小禾');
  for (const strange of ['', '小\u202e禾', '禾'.repeat(21)]) {
    await expect(names().change(member, strange)).rejects.toMatchObject({ code: 'bad_nickname', status: 422 });
  }
  expect(await names().of(member)).toBe('小禾');
});

it('belongs to nobody where nobody is', async () => {
  await expect(names().change(1 as MemberId, '小禾')).rejects.toMatchObject({ code: 'no_session', status: 401 });
  expect(await names().of(1 as MemberId)).toBeNull();
});

describe('two accounts of one person', () => {
  const merged = async (first: string | null, second: string): Promise<{ left: MemberId; gone: MemberId }> => {
    const { older, younger, merge } = await stage.twoVisitors();
    if (first !== null) await names().change(older, first);
    await names().change(younger, second);
    expect(await merge()).toBe(older);
    return { left: older, gone: younger };
  };

  it('keep the only nickname there is, under the key of the one that is left', async () => {
    const { left, gone } = await merged(null, '小禾');
    expect([await names().of(left), await names().of(gone), await sealed(gone)]).toEqual(['小禾', '小禾', null]);
    expect(await names().change(gone, '禾禾')).toBe('禾禾');
    expect(await names().of(left)).toBe('禾禾');
  });

  it('keep that of the one that is left when each has one', async () => {
    const { left, gone } = await merged('老禾', '小禾');
    expect([await names().of(left), await sealed(gone)]).toEqual(['老禾', null]);
  });
});
