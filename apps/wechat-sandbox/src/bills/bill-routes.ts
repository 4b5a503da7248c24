import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { send, type Answer, type Exchange } from '../control/exchange';
import type { FaultScope } from '../control/faults';
import type { Merchant, Settings } from '../settings';
import { jsonBody, queryText, rawBody } from '../web-server';
import type { Identity } from '../world/identity';
import type { Store } from '../world/store';
import { isRefusal, refusal, type Refusal } from '../pay/refusal';
import { V3Door, V3Wire } from '../pay/v3-wire';
import { BillFiles, type Account, type BillFile } from './bill-files';
import { FALSE_KINDS, Falsifications } from './falsifications';

const APPLY = '/v3/bill/fundflowbill';
const FILE = '/v3/billdownload/file';
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ACCOUNTS: readonly Account[] = ['BASIC', 'OPERATION', 'FEES'];
/** A download address is good for five minutes. */
const GOOD_FOR_MS = 300_000;

const sealed = z.object({
  mchId: z.string(),
  day: z.string().regex(DAY),
  account: z.enum(['BASIC', 'OPERATION', 'FEES']),
  gzip: z.boolean(),
  until: z.number(),
});

const orders = z.strictObject({
  falsify: z
    .array(
      z.strictObject({
        kind: z.enum(FALSE_KINDS),
        outBillNo: z.string().max(64).optional(),
        amountFen: z.number().int().positive().max(1e12).optional(),
        business: z.string().min(1).max(32).optional(),
      }),
    )
    .max(20_000),
});

export interface BillParts {
  store: Store;
  settings: Settings;
  identity: Identity;
  exchange: Exchange;
  falsified: Falsifications;
}

/** The two paths of the pay server that hand out 资金账单. The answer with the file itself carries no signature, as in life. */
export function billRoutes(app: FastifyInstance, { store, settings, identity, exchange, falsified }: BillParts): void {
  const wallNow = (): number => store.wallNow();
  const door = new V3Door(settings.merchants, wallNow);
  const wire = new V3Wire(settings.platform, wallNow);
  const files = new BillFiles(store, falsified);

  const enter = (request: FastifyRequest): Merchant | Refusal => {
    const { method, headers, raw } = request;
    const merchant = door.enter(method, raw.url ?? '', headers.authorization, rawBody(request));
    if (!isRefusal(merchant)) request.note = { mchId: merchant.mchId, billDate: queryText(request, 'bill_date') };
    return merchant;
  };
  const apply = async (request: FastifyRequest, merchant: Merchant): Promise<Answer> => {
    const file = orderOf(request, merchant.mchId);
    if (isRefusal(file)) return wire.refuse(file);
    const none = files.missing(file);
    if (none !== undefined) return wire.refuse(none);
    const token = identity.seal('bill', { ...file, until: wallNow() + GOOD_FOR_MS });
    const download_url = `https://${request.headers.host}${FILE}?token=${token}${file.gzip ? '&tartype=gzip' : ''}`;
    return wire.answer({ download_url, hash_type: 'SHA1', hash_value: await files.sha1(file) });
  };

  app.get(APPLY, (request, reply) => guarded('bill.apply', request, reply, apply));
  app.get(FILE, async (request, reply) => {
    const merchant = enter(request);
    if (isRefusal(merchant)) return send(reply, await wire.seal(wire.refuse(merchant), request));
    const asked = sealed.safeParse(identity.unseal('bill', queryText(request, 'token') ?? '')).data;
    if (asked === undefined || asked.until < wallNow()) {
      const late = refusal(400, 'INVALID_REQUEST', '下载链接过期，请重新请求文件下载');
      return send(reply, await wire.seal(wire.refuse(late), request));
    }
    if (asked.mchId !== merchant.mchId) {
      return send(reply, await wire.seal(wire.refuse(refusal(403, 'NO_AUTH', '权限异常')), request));
    }
    const text = Readable.from(files.text(asked), { objectMode: false });
    return reply
      .code(200)
      .header('content-type', asked.gzip ? 'application/x-gzip' : 'text/plain; charset=utf-8')
      .send(asked.gzip ? text.pipe(createGzip({ level: 1 })) : text);
  });

  async function guarded(
    scope: FaultScope,
    request: FastifyRequest,
    reply: FastifyReply,
    act: (request: FastifyRequest, merchant: Merchant) => Promise<Answer>,
  ): Promise<void> {
    const merchant = enter(request);
    if (isRefusal(merchant)) return send(reply, await wire.seal(wire.refuse(merchant), request));
    return exchange.run(scope, wire, request, reply, () => act(request, merchant));
  }
}

function orderOf(request: FastifyRequest, mchId: string): BillFile | Refusal {
  const day = queryText(request, 'bill_date') ?? '';
  const account = ACCOUNTS.find((known) => known === (queryText(request, 'account_type') ?? 'BASIC'));
  const tar = queryText(request, 'tar_type');
  if (!DAY.test(day)) return refusal(400, 'PARAM_ERROR', '账单日期格式错误');
  if (account === undefined) return refusal(400, 'PARAM_ERROR', '资金账户类型错误');
  if (tar !== undefined && tar !== 'GZIP') return refusal(400, 'PARAM_ERROR', '压缩类型错误');
  return { mchId, day, account, gzip: tar === 'GZIP' };
}

/** The operator's side: `POST /bills/:mchId/:day {falsify: […]}` and `DELETE /bills` to have the truth again. */
export function billAdminRoutes(app: FastifyInstance, falsified: Falsifications, settings: Settings): void {
  app.post('/bills/:mchId/:day', (request, reply) => {
    const { mchId = '', day = '' } = request.params as Record<string, string>;
    const parsed = orders.safeParse(jsonBody(request));
    if (!settings.merchants.has(mchId)) return reply.code(404).send({ message: `no merchant ${mchId}` });
    if (!DAY.test(day)) return reply.code(400).send({ message: 'the day must be YYYY-MM-DD' });
    if (!parsed.success) return reply.code(400).send({ message: z.prettifyError(parsed.error) });
    const problem = falsified.order(mchId, day, parsed.data.falsify);
    if (problem !== undefined) return reply.code(400).send({ message: problem });
    return { mchId, day, falsified: parsed.data.falsify.length };
  });
  app.delete('/bills', () => {
    falsified.clear();
    return { falsified: 0 };
  });
}
