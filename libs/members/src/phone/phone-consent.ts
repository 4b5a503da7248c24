/**
 * What a member agrees to before we store a number (PIPL: consent of its own, by version of the text). Another text is another version:
 * numbers are then asked for anew, and whoever agreed to the old one keeps it.
 */
export const PHONE_CONSENT = {
  version: 'phone-2026-11-b',
  text:
    '我同意品牌方收集并加密保存我的手机号，仅用于：验证我的身份、把我在不同微信账号下的会员资料合并为一份、寄送实物奖品、提醒我领取还没到账的奖励和提供会员等级权益。' +
    '若该号码 90 天内在另一个微信账号下验证过，两份会员资料会合并，积累的数据相加，不能再分开。我可以随时在「我的」里解绑，解绑后号码即被删除。',
} as const;

/** Texts that speak of reminders: who agreed to an older one is not written to about prizes. */
export const CONSENTS_TO_REMINDERS: readonly string[] = [PHONE_CONSENT.version];
