import { answer, client, type Schemas } from '../api';
import { ask } from '../kit/ask';
import { toast } from '../kit/toast';

export type StoreClerk = Schemas['StoreClerkDto'];

export const CLERK_STATES = {
  waiting: { tone: 'wait', text: '待确认' },
  active: { tone: 'good', text: '在岗' },
  refused: { tone: 'none', text: '未通过' },
  removed: { tone: 'none', text: '已移除' },
} as const;

const pathOf = ({ id }: StoreClerk) => ({ path: { id } });

/** True when it was done; what went wrong is told. */
export async function confirmClerk(clerk: StoreClerk): Promise<boolean> {
  try {
    await answer(client.POST('/v1/console/store-clerks/{id}/confirm', { params: pathOf(clerk) }));
    toast.done(`${clerk.name ?? '店员'}可以兑付了`);
    return true;
  } catch (error) {
    toast.trouble(error);
    return false;
  }
}

export async function refuseClerk(clerk: StoreClerk): Promise<boolean> {
  const done = await ask({
    title: `不通过${clerk.name ?? '这位店员'}`,
    consequence: '本人会看到没有通过和您写的原因，可以重新申请。',
    verb: '不通过',
    reason: 'optional',
    act: (reason) =>
      answer(
        client.POST('/v1/console/store-clerks/{id}/refuse', {
          params: pathOf(clerk),
          body: reason ? { reason } : {},
        }),
      ),
  });
  return done !== null;
}

export async function removeClerk(clerk: StoreClerk): Promise<boolean> {
  const done = await ask({
    title: `移除${clerk.name ?? '这位店员'}`,
    consequence: ['马上不能再在这家店兑付。', '他经手的兑付记录都留着。'],
    verb: '移除店员',
    tone: 'danger',
    reason: 'optional',
    act: (reason) =>
      answer(
        client.POST('/v1/console/store-clerks/{id}/remove', {
          params: pathOf(clerk),
          body: reason ? { reason } : {},
        }),
      ),
  });
  return done !== null;
}
