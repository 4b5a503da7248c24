import { createHash } from 'node:crypto';
import type { Limits } from '../limits';
import type { Fields, V2Failure } from './v2-wire';

const SCENES = /^PRODUCT_[1-8]$/;
const SCENE_MIN_FEN = 1;
const SCENE_MAX_FEN = 49_900;

export interface RedpackOrder {
  outBillNo: string;
  appId: string;
  openid: string;
  amountFen: number;
  sceneId?: string;
  sendName: string;
  actName: string;
  wishing: string;
  remark: string;
  fingerprint: string;
}

const LENGTHS: Record<string, number> = {
  nonce_str: 32,
  wxappid: 32,
  send_name: 32,
  re_openid: 32,
  wishing: 128,
  act_name: 32,
  remark: 256,
  client_ip: 15,
};

/** The order in a sendredpack request, or what is wrong with its fields. */
export function readRedpackOrder(fields: Fields, limits: Limits, scenes: readonly string[]): RedpackOrder | V2Failure {
  for (const [name, most] of Object.entries(LENGTHS)) {
    const length = [...(fields[name] ?? '')].length;
    if (length === 0) return wrong(`${name}参数为空`);
    if (length > most) return wrong(`${name}参数过长`);
  }
  const text = (name: string): string => fields[name] ?? '';
  if (!/^[0-9A-Za-z]{1,28}$/.test(text('mch_billno'))) return wrong('商户订单号格式错误');
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text('client_ip'))) return wrong('client_ip参数错误');
  if (text('total_num') !== '1') return wrong('红包个数必须为1');
  if (!/^[1-9]\d{0,9}$/.test(text('total_amount'))) return wrong('total_amount参数错误');
  const amountFen = Number(text('total_amount'));
  const sceneId = text('scene_id') === '' ? undefined : text('scene_id');
  const broken = brokenAmount(amountFen, sceneId, limits, scenes);
  if (broken !== undefined) return broken;
  const order = {
    outBillNo: text('mch_billno'),
    appId: text('wxappid'),
    openid: text('re_openid'),
    amountFen,
    sceneId,
    sendName: text('send_name'),
    actName: text('act_name'),
    wishing: text('wishing'),
    remark: text('remark'),
  };
  return { ...order, fingerprint: fingerprint(order) };
}

/** What must be the same when the same number comes again: who and how much. */
function fingerprint(order: Pick<RedpackOrder, 'appId' | 'openid' | 'amountFen'>): string {
  return createHash('sha256')
    .update(JSON.stringify([order.appId, order.openid, order.amountFen]))
    .digest('base64url')
    .slice(0, 22);
}

function brokenAmount(fen: number, sceneId: string | undefined, limits: Limits, scenes: readonly string[]) {
  if (sceneId !== undefined && !SCENES.test(sceneId)) return wrong('scene_id参数错误');
  const usual = fen >= limits.redpackMinFen && fen <= limits.redpackMaxFen;
  if (usual) return undefined;
  if (sceneId === undefined) return { code: 'MONEY_LIMIT', message: '红包金额发放限制' };
  if (!scenes.includes(sceneId)) return wrong('该场景未开通');
  const inScene = fen >= SCENE_MIN_FEN && fen <= SCENE_MAX_FEN;
  return inScene ? undefined : { code: 'MONEY_LIMIT', message: '红包金额发放限制' };
}

function wrong(message: string): V2Failure {
  return { code: 'PARAM_ERROR', message };
}
