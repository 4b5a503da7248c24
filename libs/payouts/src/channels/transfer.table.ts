import type { Meaning } from './payout-channel';
import { row, type ErrorTable } from './error-table';

const BUSY = row('unknown', '微信繁忙，这笔是否受理不清楚：用原单号查询，不换单号');
const TOO_FAST = row('retry_soon', '超过微信的频率限制，未受理：稍后用原单号再试');
const BAD_SIGN = row('blocked', '签名不被接受：检查商户私钥、证书序列号和服务器时钟，通道已暂停');
const NO_RIGHT = row('blocked', '商户号没有这项权限（产品未开通或已被收回）：到商户平台处理，通道已暂停');
const BAD_PARAM = row(
  'unknown_alarm',
  '微信说参数有误：可能是这一笔，也可能是模板。单号保留，先查单；多笔同时出现时请检查活动名称、备注等模板文字',
);
const BAD_REQUEST = row(
  'unknown_alarm',
  '不符合微信的业务规则（金额上下限、场景、IP 白名单、APPID），或单号已存在但信息不一致：单号保留，先查单，请人核对商户平台的设置',
);
const EXISTS = row('unknown_alarm', '单号已存在而内容不同：只查原单，绝不换单号，请人核对');

/**
 * Creating a transfer, with and without a tap. Error bodies are not a proof of anything, so none of them fails a bill. PARAM_ERROR and
 * INVALID_REQUEST may be a fault of one bill or of all, and also stand for "this number exists with other data": such a bill keeps its
 * number, is queried and sent again later, people are told, others are not held up.
 */
export const TRANSFER_SEND_ERRORS: ErrorTable = {
  SYSTEM_ERROR: BUSY,
  FREQUENCY_LIMITED: TOO_FAST,
  FREQUENCY_LIMIT_EXCEED: TOO_FAST,
  RATELIMIT_EXCEEDED: TOO_FAST,
  NOT_ENOUGH: row('blocked', '商户账户余额不足：充值后自动恢复，原单号继续，通道已暂停'),
  SIGN_ERROR: BAD_SIGN,
  NO_AUTH: NO_RIGHT,
  USER_ERROR: row('blocked', '商户号被微信判为异常：到商户平台处理，通道已暂停'),
  PARAM_ERROR: BAD_PARAM,
  INVALID_REQUEST: BAD_REQUEST,
  ALREADY_EXISTS: EXISTS,
  RESOURCE_ALREADY_EXISTS: EXISTS,
  RESOURCE_ALREADY_EXIST: EXISTS,
};

export const TRANSFER_QUERY_ERRORS: ErrorTable = {
  NOT_FOUND: row('not_found', '微信此刻没有这个单号：刚发出时不能当作失败，过几分钟用原单号再发'),
  SYSTEM_ERROR: row('unknown', '微信繁忙，没有答案：过一会儿再查'),
  FREQUENCY_LIMITED: TOO_FAST,
  FREQUENCY_LIMIT_EXCEED: TOO_FAST,
  RATELIMIT_EXCEEDED: TOO_FAST,
  SIGN_ERROR: BAD_SIGN,
  NO_AUTH: NO_RIGHT,
  PARAM_ERROR: row('unknown_alarm', '微信说查询参数有误：请人核对'),
  INVALID_REQUEST: row('unknown_alarm', '微信不接受这次查询：请人核对'),
};

export const TRANSFER_CANCEL_ERRORS: ErrorTable = {
  ...TRANSFER_QUERY_ERRORS,
  INVALID_REQUEST: row('unknown', '这笔已经有结果，不能撤销：查单就知道结果'),
};

/** `state` of a bill. A state that is not listed is unknown, with an alarm. */
export const TRANSFER_STATES: Readonly<Record<string, Exclude<Meaning['kind'], 'unknown'>>> = {
  ACCEPTED: 'in_flight',
  PROCESSING: 'in_flight',
  WAIT_USER_CONFIRM: 'wait_user',
  TRANSFERING: 'in_flight',
  CANCELING: 'in_flight',
  SUCCESS: 'succeeded',
  FAIL: 'failed',
  CANCELLED: 'failed',
};

/** The same of a bill that is paid silently. There is nothing to confirm: WAIT_USER_CONFIRM would be news to us, so it is not listed. */
export const AUTHORIZED_STATES: Readonly<Record<string, 'in_flight' | 'succeeded' | 'failed'>> = {
  ACCEPTED: 'in_flight',
  PROCESSING: 'in_flight',
  TRANSFERING: 'in_flight',
  CANCELING: 'in_flight',
  SUCCESS: 'succeeded',
  FAIL: 'failed',
  CANCELLED: 'failed',
};

/** Asking a person for an agreement: the same number again is harmless. INVALID_REQUEST also stands for "this person has one already". */
export const AUTHORISATION_ASK_ERRORS: ErrorTable = {
  SYSTEM_ERROR: row('unknown', '微信繁忙，是否受理不清楚：用原授权单号再问'),
  FREQUENCY_LIMITED: TOO_FAST,
  FREQUENCY_LIMIT_EXCEED: TOO_FAST,
  RATELIMIT_EXCEEDED: TOO_FAST,
  SIGN_ERROR: BAD_SIGN,
  NO_AUTH: row('blocked', '商户号没有免确认收款授权的权限：到商户平台申请，或从配置里去掉 transfer_authorized_v3'),
  USER_ERROR: row('blocked', '商户号被微信判为异常：到商户平台处理'),
  PARAM_ERROR: row('unknown_alarm', '微信说授权参数有误：请人核对'),
  INVALID_REQUEST: row('unknown_alarm', '微信不接受这次授权申请（场景未开通，或此人在别处已有授权）：请人核对'),
  ALREADY_EXISTS: EXISTS,
  RESOURCE_ALREADY_EXISTS: EXISTS,
  RESOURCE_ALREADY_EXIST: EXISTS,
};

/** Looking at an agreement. */
export const AUTHORISATION_LOOK_ERRORS: ErrorTable = {
  ...TRANSFER_QUERY_ERRORS,
  NOT_FOUND: row('not_found', '微信此刻没有这个授权单号：不当作已解除，过一会儿再看'),
};

/** Ending one: whatever is answered, a look tells. */
export const AUTHORISATION_CLOSE_ERRORS: ErrorTable = {
  ...AUTHORISATION_LOOK_ERRORS,
  INVALID_REQUEST: row('unknown', '这个授权可能已经解除：再看一次就知道'),
};
