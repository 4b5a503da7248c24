import { createHash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Limits } from '../limits';
import { decryptField } from './v3-signature';
import { refusal, type Refusal } from './refusal';

const SCENE = '1000';
const PERCEPTIONS = ['活动奖励', '现金奖励'];
const REPORTS = ['活动名称', '奖励说明'];
const NAME_FORBIDDEN_BELOW_FEN = 30;
const NAME_NEEDED_FROM_FEN = 200_000;
const RED_PACKET_MAX_FEN = 20_000;

const text = (max: number) => z.string().min(1).max(max);

const common = z.object({
  appid: text(32),
  out_bill_no: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  transfer_scene_id: text(36),
  user_name: z.string().min(1).optional(),
  transfer_amount: z.number().int().positive(),
  transfer_remark: text(32),
  notify_url: z
    .url({ protocol: /^https?$/ })
    .max(256)
    .optional(),
  user_recv_perception: text(256).optional(),
  transfer_scene_report_infos: z.array(z.object({ info_type: text(15), info_content: text(32) })).optional(),
  user_recv_style: z.object({ type: z.enum(['CONFIRM_PAGE', 'RED_PACKET']) }).optional(),
});

const schema = common.extend({ openid: text(64) });
const silentSchema = common
  .extend({ out_authorization_no: text(32).optional(), authorization_id: text(64).optional() })
  .refine((order) => order.out_authorization_no !== undefined || order.authorization_id !== undefined);

export type TransferOrder = z.infer<typeof schema> & { plainName?: string };
export type SilentOrder = z.infer<typeof silentSchema> & { plainName?: string };

/** The order in a request body, or the PARAM_ERROR that names the first field that is wrong. */
export function readTransferOrder(body: string, platformKey: KeyObject): TransferOrder | Refusal {
  return readOrder(schema, body, platformKey);
}

/** The same of a transfer under an authorization, which takes the place of the openid. */
export function readSilentOrder(body: string, platformKey: KeyObject): SilentOrder | Refusal {
  return readOrder(silentSchema, body, platformKey);
}

function readOrder<T extends z.infer<typeof common>>(
  schema: z.ZodType<T>,
  body: string,
  platformKey: KeyObject,
): (T & { plainName?: string }) | Refusal {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return refusal(400, 'PARAM_ERROR', '请求体不是合法的JSON');
  }
  const parsed = schema.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refusal(400, 'PARAM_ERROR', `参数错误：${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const order = parsed.data;
  if (order.user_name === undefined) return order;
  const plainName = decryptField(order.user_name, platformKey);
  if (plainName === undefined) return refusal(400, 'PARAM_ERROR', '收款用户姓名解密失败，请检查加密所用的微信支付公钥');
  return { ...order, plainName };
}

/** What must be the same when the same number comes again. */
export function fingerprint(order: TransferOrder, authorizationNo?: string): string {
  const parts = [
    order.appid,
    order.openid,
    order.transfer_amount,
    order.transfer_scene_id,
    order.transfer_remark,
    order.notify_url ?? '',
    order.user_recv_perception ?? '',
    order.transfer_scene_report_infos ?? [],
    order.user_recv_style?.type ?? '',
    order.plainName ?? '',
    ...(authorizationNo === undefined ? [] : [authorizationNo]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** The first rule of the product this order breaks. */
export function brokenRule(order: TransferOrder, appId: string, limits: Limits): Refusal | undefined {
  if (order.appid !== appId) return refusal(400, 'INVALID_REQUEST', 'APPID不存在');
  if (order.transfer_scene_id !== SCENE)
    return refusal(400, 'INVALID_REQUEST', '你尚未获取该转账场景，请前往商户平台申请');
  if (order.notify_url !== undefined && new URL(order.notify_url).search !== '') {
    return refusal(400, 'PARAM_ERROR', '回调地址不能携带参数');
  }
  return brokenReport(order) ?? brokenAmount(order, limits) ?? brokenName(order);
}

function brokenReport(order: TransferOrder): Refusal | undefined {
  const infos = order.transfer_scene_report_infos;
  if (infos === undefined || infos.length === 0) return refusal(400, 'PARAM_ERROR', '需传入转账场景报备信息');
  const given = infos.map((info) => info.info_type);
  if (given.length !== REPORTS.length || !REPORTS.every((type) => given.includes(type))) {
    return refusal(400, 'PARAM_ERROR', '未传入完整且对应的转账场景报备信息');
  }
  const perception = order.user_recv_perception;
  if (perception !== undefined && !PERCEPTIONS.includes(perception)) {
    return refusal(400, 'INVALID_REQUEST', `暂不支持展示「${perception}」的收款感知`);
  }
  return undefined;
}

function brokenAmount(order: TransferOrder, limits: Limits): Refusal | undefined {
  const fen = order.transfer_amount;
  const most = order.user_recv_style?.type === 'RED_PACKET' ? RED_PACKET_MAX_FEN : limits.transferMaxFen;
  if (fen >= limits.transferMinFen && fen <= Math.min(most, limits.transferMaxFen)) return undefined;
  return refusal(400, 'INVALID_REQUEST', '超过单笔转账上下限');
}

function brokenName(order: TransferOrder): Refusal | undefined {
  const named = order.plainName !== undefined;
  if (named && order.transfer_amount < NAME_FORBIDDEN_BELOW_FEN) {
    return refusal(400, 'PARAM_ERROR', '转账金额小于0.3元时，不支持传入收款用户姓名');
  }
  if (!named && order.transfer_amount >= NAME_NEEDED_FROM_FEN) {
    return refusal(400, 'PARAM_ERROR', '转账金额大于等于2000元时，必须传入收款用户姓名');
  }
  return undefined;
}
