import { campaignTemplate } from './campaign-template';
import { campaignTemplates } from './campaign-templates';
import { publicNotice, type NoticeOptions } from './public-notice';
import type { CampaignContent } from './campaign-content';

const noticeOf = (content: CampaignContent, options: NoticeOptions = {}) =>
  publicNotice({ versionNo: 3, contentHash: 'f'.repeat(64), content }, options);
const linesOf = (content: CampaignContent, title: string, options?: NoticeOptions) =>
  noticeOf(content, options).sections.find((section) => section.title === title)?.lines ?? [];
const templated = (key: string) => campaignTemplates.find((template) => template.key === key)!.content('开盖有礼', 9);

it('tells all that has to be announced: who, when, where, how, what, how many or how likely, until when', () => {
  const { sections, ...head } = noticeOf(templated('grand-prize'));
  expect(head).toEqual({ title: '开盖有礼', versionNo: 3, contentHash: 'f'.repeat(64) });
  expect(sections).toEqual([
    { title: '主办方', lines: ['青禾饮料有限公司', '联系方式：400-000-0000'] },
    { title: '活动时间', lines: ['2026-01-01 00:00 至 2027-01-01 00:00（北京时间，不含结束时刻）'] },
    { title: '活动范围', lines: ['地区：全国', '商品：参加活动的全部商品'] },
    { title: '参与条件与方式', lines: ['每瓶一码，首次扫码有机会获得微信零钱红包；同一瓶只奖一次。'] },
    {
      title: '奖项、数量与中奖概率',
      lines: [
        '人人可抽（所有参加者）：中奖概率 88 元红包 0.005%；8.88 元红包 0.5%；随机红包 99.495%；奖品发完后改发「随机红包」',
      ],
    },
    {
      title: '奖品说明',
      lines: [
        '「88 元红包」：现金 88.00 元，共 100 份',
        '「8.88 元红包」：现金 8.88 元，共 10000 份',
        '「随机红包」：现金 0.30 元 – 0.88 元',
      ],
    },
    {
      title: '领奖次数',
      lines: [
        '每人每天最多 10 次；到上限时码不作废，过后可以再扫',
        '每人每月最多 60 次；到上限时码不作废，过后可以再扫',
      ],
    },
    {
      title: '开奖与兑奖',
      lines: [
        '扫码后当场开奖，每个有效的码都有奖。',
        '兑奖方式：扫码后点「领取」，红包进入微信零钱。',
        '红包逐个发放。',
        '兑奖截止：2027-01-31 00:00，请在此之前领取。',
      ],
    },
    { title: '其他说明', lines: ['活动时间、参与条件、奖项、数量与中奖概率以本页公示为准。'] },
  ]);
});

it('names a deal by numbers and commitment, never by serials; the seed only once it is opened', () => {
  const content = templated('dealt');
  const sealed = linesOf(content, '奖项、数量与中奖概率', {
    deals: [{ ruleKey: 'deal', commitment: 'ab12', seed: null }],
  });
  expect(sealed).toEqual([
    '预埋的一万瓶（指定批次的产品）：10000 个码中共有 188 元红包 1 份；8.88 元红包 99 份；0.88 元红包 4900 份；谢谢参与 5000 份，发码前已经排定',
    '排定结果的承诺值：ab12；活动结束后公开种子，任何人都可以核对',
  ]);
  const open = linesOf(content, '奖项、数量与中奖概率', {
    deals: [{ ruleKey: 'deal', commitment: 'ab12', seed: 'cd34' }],
  });
  expect(open.at(-1)).toBe('已公开的种子：cd34');
});

it('tells conditions in words for everybody, and nothing that is nobody’s business', () => {
  const rule = campaignTemplate('', 9).rules[0]!;
  const content = campaignTemplate('夏日', 9, {
    rules: [
      {
        ...rule,
        when: {
          all: [
            { field: 'region', op: 'within', value: [340000, 320100] },
            { field: 'tier', op: 'in', value: ['gold', 'platinum'] },
            { field: 'timeOfDay', op: 'between', value: { from: '18:00', to: '23:00' } },
            { field: 'serial', op: 'range', value: { from: 12, to: 345 } },
            { field: 'risk', op: 'ne', value: 'high' },
            { field: 'tags', op: 'hasAny', value: ['大户'] },
          ],
        },
      },
    ],
  });
  const [line] = linesOf(content, '奖项、数量与中奖概率');
  expect(line).toContain('安徽省');
  expect(line).toContain('江苏省 南京市');
  expect(line).toContain('金卡、白金卡');
  expect(line).toContain('18:00 至 23:00');
  expect(line).toContain('指定批次的产品');
  expect(line).not.toMatch(/345|风险|大户|∈/);
});
