import { COPY_LINES, type CampaignContent, type Gate } from '../campaign-content';
import { leavesOver, requiredLeaves } from '../condition-shape';
import { error, info, warning, type Finding } from '../finding';
import { LAW, WECHAT } from '../sources';
import { asksFor } from './lint-law';

/** Sharing and following may not be the price of a prize inside WeChat; this is how it may be done. */
const LAWFUL: Record<'share' | 'follow', string> = {
  share: '微信内不能要求先分享再领奖。合规做法：先发奖，领到以后在结果页邀请他分享（去掉这个任务，不许以奖励交换）',
  follow:
    '微信内不能要求先关注再领奖。合规做法：先发奖，领到以后在结果页放公众号二维码，说明关注有什么用（去掉这个任务）',
};
const INDUCING =
  /(分享|转发|朋友圈|集赞|助力|砍价|邀请好友)[^。；]{0,20}(领|得|可|再|解锁|翻倍|抽)|关注[^。；]{0,12}(后|即可|才能|方可)[^。；]{0,8}(领|得|抽|中)/;

/** What may stand between a win and its claim. */
export function lintGates(content: CampaignContent): Finding[] {
  const { gates } = content;
  return [
    ...gates.flatMap((gate, index) => lintGate(content, gate, `gates[${index}]`)),
    ...gates.flatMap(({ kind }, index) =>
      gates.findIndex((other) => other.kind === kind) < index
        ? [error(`gates[${index}]`, 'duplicate_gate', '这个任务写了两次', WECHAT.links)]
        : [],
    ),
    ...followersOnly(content),
    ...inducingWords(content),
  ];
}

function lintGate(content: CampaignContent, { kind }: Gate, path: string): Finding[] {
  if (kind !== 'phone') return [error(path, `gate_${kind}`, LAWFUL[kind], WECHAT.links)];
  const goods = content.prizes.some((prize) => prize.kind === 'goods' || prize.kind === 'redeem');
  if (!goods && !asksFor(content, 'tier')) {
    const message = '只有实物、门店兑付或等级权益才需要手机号；发红包用不着，不能拿它当领奖条件';
    return [error(path, 'gate_phone_needless', message, LAW.personalData)];
  }
  return [
    info(path, 'gate_phone_consent', '领奖前会单独征得手机号的同意，写明用途；不同意的码会保留', LAW.personalData),
  ];
}

/** A rule that pays only followers buys followers. */
function followersOnly({ rules }: CampaignContent): Finding[] {
  return rules.flatMap(({ when, name }, index) => {
    const bought = requiredLeaves(when).some(({ field, value }) => field === 'follows' && value === true);
    if (!bought) return [];
    const [leaf] = leavesOver(when, 'follows', `rules[${index}].when`);
    const message = `规则「${name}」只给关注了公众号的人，等于用奖品换关注。${LAWFUL.follow}`;
    return [error(leaf?.path ?? `rules[${index}].when`, 'follow_rewarded', message, WECHAT.links)];
  });
}

function inducingWords({ copy, legal }: CampaignContent): Finding[] {
  const texts = [
    ['copy.title', copy.title],
    ['copy.ruleText', copy.ruleText],
    ...COPY_LINES.map((key) => [`copy.${key}`, copy[key] ?? ''] as const),
    ['legal.claimWay', legal.claimWay],
    ['legal.disclosure', legal.disclosure],
  ] as const;
  return texts
    .filter(([, text]) => INDUCING.test(text))
    .map(([path]) =>
      warning(
        path,
        'inducing_words',
        '文案像是用奖品诱导分享或关注，链接可能被微信封禁；请改成先发奖、再邀请',
        WECHAT.links,
      ),
    );
}
