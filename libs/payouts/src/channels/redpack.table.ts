import type { Meaning } from './payout-channel';
import { row, type ErrorTable } from './error-table';

const BAD_SIGN = row('blocked', '签名不被接受：检查 APIv2 密钥，通道已暂停');
const BAD_CERTIFICATE = row('blocked', '商户 API 证书不被接受（没带、过期或与商户号不符）：换证书，通道已暂停');
const TRANSPORT = row('blocked', '微信在通信层拒绝（return_code=FAIL）：证书、签名或报文有误，通道已暂停');
const TOO_FAST = row('retry_soon', '超过微信的频率限制，未受理：稍后用原单号再试');

/**
 * `err_code` of sendredpack; RETURN_FAIL stands for a failed transport layer. `refused` becomes a failure only when gethbinfo knows no
 * such packet. FATAL_ERROR: the number exists with other data. SENDAMOUNT_LIMIT is spelled so.
 */
export const REDPACK_SEND_ERRORS: ErrorTable = {
  SYSTEMERROR: row('unknown', '微信繁忙，是否受理不清楚：用原单号再发并查询，只会有一个红包'),
  PROCESSING: row('unknown', '微信正在处理：约 20 分钟后查询，不换单号'),
  FREQ_LIMIT: TOO_FAST,
  SENDNUM_LIMIT: row('retry_tomorrow', '此人今日领取个数已满，未受理：零点后用原单号再发'),
  RCVDAMOUNT_LIMIT: row('retry_tomorrow', '此人今日领取金额已满，未受理：零点后用原单号再发'),
  SENDAMOUNT_LIMIT: row('retry_tomorrow', '商户号今日发放金额已满，未受理：零点后用原单号再发，或到商户平台调高额度'),
  NOTENOUGH: row('blocked', '商户账户余额不足：充值后自动恢复，原单号继续，通道已暂停'),
  CA_ERROR: BAD_CERTIFICATE,
  SIGN_ERROR: BAD_SIGN,
  XML_ERROR: row('blocked', '微信读不懂报文：程序问题，通道已暂停'),
  API_METHOD_CLOSED: row('blocked', '商户平台关闭了 API 发放：打开后自动恢复，通道已暂停'),
  ILLEGAL_APPID: row('blocked', '公众号与商户号没有绑定：到商户平台处理，通道已暂停'),
  MSGAPPID_ERROR: row('blocked', '触达用的公众号设置有误：到商户平台处理，通道已暂停'),
  ACCEPTMODE_ERROR: row('blocked', '服务商模式设置有误：到商户平台处理，通道已暂停'),
  RETURN_FAIL: TRANSPORT,
  NO_AUTH: row('refused', '微信风控拦截了此人：查单确认没有发出后记为失败，奖励仍在，可换方式再领'),
  OPENID_ERROR: row('refused', 'openid 不属于这个公众号：查单确认后记为失败'),
  MONEY_LIMIT: row('refused', '金额不在可发范围：检查场景（scene）是否开通，查单确认后记为失败'),
  PARAM_ERROR: row('refused', '微信说参数有误（或金额所需的场景未开通）：查单确认后记为失败'),
  FATAL_ERROR: row('unknown_alarm', '同一单号两次内容不同：只查原单，绝不换单号，请人核对'),
  SEND_FAILED: row('failed', '微信确认红包没有发出：奖励仍在，可再领一次'),
};

/** `err_code` of gethbinfo. */
export const REDPACK_QUERY_ERRORS: ErrorTable = {
  NOT_FOUND: row('not_found', '微信此刻没有这个单号：可能还在路上，不能当作失败，过几分钟用原单号再发'),
  SYSTEMERROR: row('unknown', '微信繁忙，没有答案：过一会儿再查'),
  FREQ_LIMIT: TOO_FAST,
  CA_ERROR: BAD_CERTIFICATE,
  SIGN_ERROR: BAD_SIGN,
  XML_ERROR: row('blocked', '微信读不懂报文：程序问题，通道已暂停'),
  RETURN_FAIL: TRANSPORT,
  PARAM_ERROR: row('unknown_alarm', '微信说查询参数有误：请人核对'),
};

/** `status` of a packet. SENDING can last for hours with a hint in `reason` and then turn FAILED. */
export const REDPACK_STATES: Readonly<Record<string, Exclude<Meaning['kind'], 'unknown'>>> = {
  SENDING: 'in_flight',
  SENT: 'wait_user',
  RECEIVED: 'succeeded',
  RFUND_ING: 'in_flight',
  REFUND: 'refunded',
  FAILED: 'failed',
};
