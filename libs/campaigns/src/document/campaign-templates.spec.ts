import { campaignTemplate } from './campaign-template';
import { campaignTemplates } from './campaign-templates';
import { publicNotice } from './public-notice';
import { validateCampaign } from './validate-campaign';

it('the default template is admitted without a remark, as an equal copy', () => {
  const content = campaignTemplate('夏日', 9);
  expect(validateCampaign(content)).toEqual({ ok: true, content, findings: [] });
});

it.each(campaignTemplates.map((template) => [template.name, template] as const))(
  '「%s」 is sound, and nothing in it needs a warning',
  (_, template) => {
    const check = validateCampaign(template.content('夏日开盖有礼', 9));
    expect(check.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(check.ok).toBe(true);
    if (!check.ok) return;
    const notice = publicNotice({ versionNo: 1, contentHash: 'a'.repeat(64), content: check.content });
    expect(notice.sections.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        '主办方',
        '活动时间',
        '活动范围',
        '参与条件与方式',
        '奖项、数量与中奖概率',
        '开奖与兑奖',
      ]),
    );
  },
);

it('every template has a key and a name of its own', () => {
  expect(new Set(campaignTemplates.map(({ key }) => key)).size).toBe(campaignTemplates.length);
  expect(campaignTemplates.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      '人人有奖',
      '首扫必中',
      '大奖加保底',
      '金卡加倍',
      '新客礼',
      '第 N 瓶奖',
      '区域加码',
      '再来一瓶',
      '按数量预埋',
    ]),
  );
});
