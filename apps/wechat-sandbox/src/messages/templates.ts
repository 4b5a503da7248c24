/** A template as the account's owner chose it from WeChat's library. Ids are made up; these two are known to the launcher. */
export interface Template {
  id: string;
  title: string;
  /** Field → its name on the card. The type is the name without its number. */
  fields: Record<string, string>;
}

export const NOTICE: Template = {
  id: 'sandbox-notice-award-waiting-0001',
  title: '奖励领取提醒',
  fields: { thing1: '活动奖励', amount2: '金额', time3: '有效期' },
};
export const SUBSCRIPTION: Template = {
  id: 'sandbox-subscribe-award-waiting-0001',
  title: '领奖提醒',
  fields: { thing1: '活动奖励', amount2: '金额', time3: '有效期' },
};

/** What WeChat admits in a field, by type (its published rules for 类目模板 and 订阅通知). */
const RULES: Record<string, RegExp> = {
  thing: /^.{1,20}$/su,
  amount: /^[¥￥]?\d{1,10}(\.\d{1,2})?元?$/,
  time: /^\d{4}年\d{1,2}月\d{1,2}日( \d{2}:\d{2})?$/,
};

/** The first field that is missing, unknown or not of its type; undefined when all are right. */
export function brokenField(template: Template, data: Record<string, { value: string }>): string | undefined {
  const unknown = Object.keys(data).find((name) => !Object.hasOwn(template.fields, name));
  if (unknown !== undefined) return unknown;
  return Object.keys(template.fields).find((name) => {
    const rule = RULES[name.replace(/\d+$/, '')];
    const value = data[name]?.value;
    return value === undefined || rule === undefined || !rule.test(value);
  });
}
