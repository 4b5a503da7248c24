import { campaignsAsking, type Asked } from '@app/analytics';
import type { Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { isOwner, type Operator } from '@app/staff';

/**
 * Two people approve a campaign; who then changes the people it asks about changes who is paid. So while a campaign in force or armed asks
 * about an audience or a tag, only the owner (or the system itself) changes who has it. Throws Rejected 409 `audience_in_use` or
 * `tag_in_use` that names the campaigns.
 */
export async function ownerWhenInUse(tx: Tx, actor: Operator | null, asked: Asked): Promise<void> {
  if (actor === null || isOwner(actor)) return;
  const campaigns = await campaignsAsking(tx, asked);
  if (campaigns.length === 0) return;
  const [code, what] = 'tag' in asked ? ['tag_in_use', '标签'] : ['audience_in_use', '人群'];
  const names = campaigns.map(({ name }) => `「${name}」`).join('');
  const words = `活动${names}正按这个${what}决定谁能领奖，现在只有品牌负责人可以改动它；也可以新建一个${what}，随活动的新版本一起送审`;
  throw new Rejected(code!, words, 409, { campaigns });
}
