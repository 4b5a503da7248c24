/** HTTP status and words of the v3 codes. The words are there to be read by people; no program may rely on them. */
export const V3_ERRORS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  PARAM_ERROR: [400, '参数错误'],
  INVALID_REQUEST: [400, '请求不符合业务规则'],
  ALREADY_EXISTS: [400, '单号已存在'],
  RESOURCE_ALREADY_EXISTS: [400, '资源已存在'],
  RESOURCE_ALREADY_EXIST: [400, '资源已存在'],
  SIGN_ERROR: [401, '错误的签名，验签失败'],
  NO_AUTH: [403, '商户号无当前接口权限'],
  NOT_ENOUGH: [403, '商户账户资金不足，请充值后使用原单号重试'],
  USER_ERROR: [403, '当前商户存在异常'],
  NOT_FOUND: [404, '记录不存在'],
  FREQUENCY_LIMITED: [429, '频率超限，请降低请求频率'],
  FREQUENCY_LIMIT_EXCEED: [429, '频率超限，请降低请求频率'],
  RATELIMIT_EXCEEDED: [429, '频率超限，请降低请求频率'],
  SYSTEM_ERROR: [500, '系统异常，请稍后重试'],
};

/** Words of the v2 codes. */
export const V2_ERRORS: Readonly<Record<string, string>> = {
  SYSTEMERROR: '请求已受理，请稍后使用原单号查询发放结果',
  PROCESSING: '请求已受理，请稍后使用原单号查询发放结果',
  FREQ_LIMIT: '超过频率限制，请稍后再试',
  SENDNUM_LIMIT: '该用户今日领取红包个数超过限制',
  RCVDAMOUNT_LIMIT: '该用户今日领取金额超过限制',
  SENDAMOUNT_LIMIT: '商户号今日发放金额超过限制',
  NOTENOUGH: '帐号余额不足，请到商户平台充值后再重试',
  CA_ERROR: '证书出错，请登录微信支付商户平台下载证书',
  SIGN_ERROR: '签名错误',
  XML_ERROR: '输入xml参数格式错误',
  API_METHOD_CLOSED: '你的商户号API发放方式已关闭，请联系管理员在商户平台开启',
  ILLEGAL_APPID: '非法appid，请确认是否为公众号的appid，不能为APP的appid',
  MSGAPPID_ERROR: '触达消息给用户appid有误',
  ACCEPTMODE_ERROR: '服务商、子商户关系校验失败',
  NO_AUTH: '发放失败，此请求可能存在风险，已被微信拦截',
  OPENID_ERROR: 'openid和appid不匹配',
  MONEY_LIMIT: '红包金额发放限制',
  PARAM_ERROR: '参数错误',
  FATAL_ERROR: '两次请求参数不一致',
  SEND_FAILED: '红包发放失败，请更换单号再重试',
  NOT_FOUND: '指定单号数据不存在',
};

const EXISTS = ['ALREADY_EXISTS', 'RESOURCE_ALREADY_EXISTS', 'RESOURCE_ALREADY_EXIST'];
const ANY_V3 = [
  ...['PARAM_ERROR', 'INVALID_REQUEST', 'SIGN_ERROR', 'NO_AUTH', 'SYSTEM_ERROR'],
  ...['FREQUENCY_LIMITED', 'FREQUENCY_LIMIT_EXCEED', 'RATELIMIT_EXCEEDED'],
];
const V3_SEND = [...ANY_V3, ...EXISTS, 'NOT_ENOUGH', 'USER_ERROR'];

/** The codes that each call of the pay server may answer with. RETURN_FAIL: the transport layer of v2 says no. */
export const ERROR_CODES: Readonly<Record<string, readonly string[]>> = {
  'transfer.create': V3_SEND,
  'transfer.authorized': V3_SEND,
  'transfer.query': [...ANY_V3, 'NOT_FOUND'],
  'transfer.cancel': [...ANY_V3, 'NOT_FOUND'],
  'authorization.create': [...ANY_V3, ...EXISTS, 'USER_ERROR'],
  'authorization.query': [...ANY_V3, 'NOT_FOUND'],
  'authorization.close': [...ANY_V3, 'NOT_FOUND'],
  sendredpack: [...Object.keys(V2_ERRORS).filter((code) => code !== 'NOT_FOUND'), 'RETURN_FAIL'],
  gethbinfo: [
    ...['NOT_FOUND', 'SYSTEMERROR', 'FREQ_LIMIT', 'CA_ERROR', 'SIGN_ERROR', 'XML_ERROR', 'PARAM_ERROR', 'RETURN_FAIL'],
  ],
};
