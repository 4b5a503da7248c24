import { createHash } from 'node:crypto';
import { z } from 'zod';
import { refusal, type Refusal } from './refusal';

const SCENE = '1000';
const PERCEPTIONS = ['活动奖励', '现金奖励'];
const PICTOGRAPH = /\p{Extended_Pictographic}/u;

const text = (max: number) => z.string().min(1).max(max);

const schema = z.object({
  out_authorization_no: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  appid: text(32),
  openid: text(64),
  transfer_scene_id: text(36),
  user_display_name: text(32).refine((name) => !PICTOGRAPH.test(name)),
  user_recv_perception: text(256).optional(),
  authorization_notify_url: z.url({ protocol: /^https?$/ }).max(256),
  scene_info: z
    .object({
      client_ip: text(64).optional(),
      device_id: text(64).optional(),
      device_type: z.enum(['IOS', 'ANDROID', 'HARMONY', 'OTHER']).optional(),
    })
    .optional(),
});

export type AuthorizationOrder = z.infer<typeof schema>;

/** The application in a request body, or what is wrong with it. */
export function readAuthorizationOrder(body: string, appId: string): AuthorizationOrder | Refusal {
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
  if (new URL(order.authorization_notify_url).search !== '') {
    return refusal(400, 'PARAM_ERROR', '回调地址不能携带参数');
  }
  if (order.appid !== appId) return refusal(400, 'INVALID_REQUEST', 'APPID不存在');
  if (order.transfer_scene_id !== SCENE) {
    return refusal(400, 'INVALID_REQUEST', '你尚未获取该转账场景，请前往商户平台申请');
  }
  const perception = order.user_recv_perception;
  if (perception !== undefined && !PERCEPTIONS.includes(perception)) {
    return refusal(400, 'INVALID_REQUEST', `暂不支持展示「${perception}」的收款感知`);
  }
  return order;
}

/** What must be the same when the same number comes again. */
export function authorizationPrint(order: AuthorizationOrder): string {
  const parts = [
    order.appid,
    order.openid,
    order.transfer_scene_id,
    order.user_display_name,
    order.user_recv_perception ?? '',
    order.authorization_notify_url,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
