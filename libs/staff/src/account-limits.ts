import { LINK_HOURS } from './links/links.repository';
import { LOCK_MINUTES, MAX_FAILURES } from './operators.repository';
import { MIN_PASSWORD_LENGTH } from './passwords';
import { IDLE_MINUTES, SESSION_HOURS } from './sessions.repository';

/** What holds for every account, as the settings page says it: name, words, value, unit. */
export const ACCOUNT_LIMITS = [
  ['max_failures', '连续输错密码或验证码多少次后锁定', MAX_FAILURES, '次'],
  ['lock_minutes', '锁定多久后自动解开', LOCK_MINUTES, '分钟'],
  ['idle_minutes', '多久不操作自动退出', IDLE_MINUTES, '分钟'],
  ['session_hours', '一次登录最长有效', SESSION_HOURS, '小时'],
  ['password_length', '密码最短', MIN_PASSWORD_LENGTH, '个字符'],
  ['invite_hours', '邀请链接有效', LINK_HOURS.invite, '小时'],
  ['reset_hours', '重置链接有效', LINK_HOURS.reset, '小时'],
] as const;
