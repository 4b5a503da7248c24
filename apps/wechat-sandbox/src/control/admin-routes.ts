import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Limits } from '../limits';
import type { Authorizing } from '../pay/authorizing';
import type { Redpacks } from '../pay/redpacks';
import type { Transfers } from '../pay/transfers';
import type { Settings } from '../settings';
import type { MessageBox } from '../messages/message-box';
import type { Inbox } from '../sms/inbox';
import { jsonBody, queryText } from '../web-server';
import { CLOSE_REASONS, type Authorization } from '../world/authorization';
import type { Bill, Channel } from '../world/bill';
import type { SandboxUser } from '../world/event';
import { merchantAccount, userAccount } from '../world/ledger';
import type { Lifecycle } from '../world/lifecycle';
import type { Store } from '../world/store';
import type { CallBook } from './calls';
import { SCOPES, type FaultDesk } from './faults';
import { historyRequest, loadHistory } from './history';
import { billView, entryView, summarize } from './ledger-view';

const MOST_PER_PAGE = 5_000;
const MOST_ADVANCE_S = 400 * 86_400;

const userSchema = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
  nickname: z.string().min(1).max(64),
  city: z.string().min(1).max(64),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  ip: z.union([z.ipv4(), z.ipv6()]),
  unionid: z.string().max(64).optional(),
  snapshot: z.boolean().optional(),
  follows: z.boolean().optional(),
  realName: z.string().max(64).optional(),
  deniesLocation: z.boolean().optional(),
  blocked: z.boolean().optional(),
  transferFailReason: z.string().max(64).optional(),
});

const faultSchema = z.strictObject({
  scope: z.enum(SCOPES),
  kind: z.string(),
  mchId: z.string().optional(),
  percent: z.number().min(0).max(100).optional(),
  next: z.number().int().min(1).max(1_000_000).optional(),
  ms: z.number().int().min(0).max(86_400_000).optional(),
  code: z.string().max(64).optional(),
});

const limitsSchema = z.record(z.string(), z.union([z.number().int().min(0), z.boolean()]));

export interface AdminParts {
  store: Store;
  settings: Settings;
  transfers: Transfers;
  redpacks: Redpacks;
  authorizing: Authorizing;
  faults: FaultDesk;
  calls: CallBook;
  inbox: Inbox;
  box: MessageBox;
  lifecycle: Lifecycle;
  /** Reasons why the sandbox may not serve yet. */
  unready: () => string[];
}

/** Refused by the admin surface: status and words. */
class AdminProblem extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

export function adminRoutes(app: FastifyInstance, parts: AdminParts): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_request, reply) => {
    const reasons = parts.unready();
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const open = request.raw.url === '/healthz' || request.raw.url === '/readyz';
    done(
      open || knows(request, parts.settings.adminToken)
        ? undefined
        : new AdminProblem(401, 'X-Sandbox-Token is missing or wrong'),
    );
  });
  peopleRoutes(app, parts);
  moneyRoutes(app, parts);
  authorizationRoutes(app, parts);
  platformRoutes(app, parts);
  steeringRoutes(app, parts);
  messageViews(app, parts);
  ledgerRoutes(app, parts);
}

function knows(request: FastifyRequest, token: string): boolean {
  const given = Buffer.from(String(request.headers['x-sandbox-token'] ?? ''));
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function peopleRoutes(app: FastifyInstance, { store, settings }: AdminParts): void {
  const view = (user: SandboxUser): object => {
    const openid = store.world.openidOf(user);
    return { ...user, openid, openids: { [settings.appId]: openid } };
  };
  const add = (users: SandboxUser[]): object[] => {
    if (users.length > 0) store.commit(...users.map((user) => ({ t: 'user' as const, user })));
    return users.map(view);
  };
  app.get('/users', () => ({ users: [...store.world.users.values()].map(view) }));
  app.post('/users', (request) => add([read(userSchema, request)])[0]);
  app.post('/users::bulk', (request) => ({
    users: add(read(z.object({ users: z.array(userSchema).max(50_000) }), request).users),
  }));
  app.get('/users/:id', (request) => view(needUser(store, param(request, 'id'))));
  app.get('/wallets/:userId', (request) => {
    const { id } = needUser(store, param(request, 'userId'));
    return { userId: id, balanceFen: store.world.ledger.balance(userAccount(id)) };
  });
}

function moneyRoutes(app: FastifyInstance, { store, settings, transfers, redpacks, lifecycle }: AdminParts): void {
  const merchant = (request: FastifyRequest): string => {
    const mchId = param(request, 'mchId');
    if (!settings.merchants.has(mchId)) throw new AdminProblem(404, `no merchant ${mchId}`);
    return mchId;
  };
  const balance = (mchId: string): object => ({
    mchId,
    balanceFen: store.world.ledger.balance(merchantAccount(mchId)),
  });
  app.get('/merchants/:mchId/balance', (request) => balance(merchant(request)));
  app.post('/merchants/:mchId/balance', (request) => {
    const mchId = merchant(request);
    const { amountFen } = read(z.object({ amountFen: z.number().int().positive().max(1e12) }), request);
    store.commit({ t: 'topup', mchId, amountFen, at: store.now() });
    lifecycle.sweep();
    return balance(mchId);
  });
  const act =
    (channel: Channel, does: (bill: Bill, userId: string) => { kind: string; message?: string }) =>
    (request: FastifyRequest) => {
      const bill = needBill(store, channel, param(request, 'number'));
      const { userId } = read(z.object({ userId: z.string().optional() }), request);
      const result = does(bill, userId ?? bill.userId);
      if (result.kind === 'refused') throw new AdminProblem(409, result.message ?? 'refused');
      return billView(bill);
    };
  app.post(
    '/transfers/:number/confirm',
    act('transfer', (bill, userId) => transfers.confirm(bill, userId)),
  );
  app.post(
    '/redpacks/:number/receive',
    act('redpack', (bill, userId) => redpacks.receive(bill, userId)),
  );
  app.post('/history', { bodyLimit: 64 * 1024 * 1024 }, (request, reply) => {
    const { bills } = read(historyRequest, request);
    const result = loadHistory(store, settings.appId, bills, new Set(settings.merchants.keys()));
    return reply.code(result.problems.length === 0 ? 200 : 422).send(result);
  });
}

function authorizationRoutes(app: FastifyInstance, { store, authorizing }: AdminParts): void {
  const need = (request: FastifyRequest): Authorization => {
    const outNo = param(request, 'number');
    const found = store.world.authorizations.inOrder.find((one) => one.outNo === outNo);
    if (found === undefined) throw new AdminProblem(404, `no authorization ${outNo}`);
    return found;
  };
  app.get('/authorizations', (request) => {
    const { items, next } = slice(store.world.authorizations.inOrder, request);
    return { authorizations: items, next };
  });
  app.post('/authorizations/:number/agree', (request) => {
    const authorization = need(request);
    const { userId } = read(z.object({ userId: z.string().optional() }), request);
    const problem = authorizing.agree(authorization, userId ?? authorization.userId);
    if (problem !== null) throw new AdminProblem(409, problem);
    return authorization;
  });
  app.post('/authorizations/:number/close', (request) => {
    const authorization = need(request);
    authorizing.close(authorization, read(z.object({ reason: z.enum(CLOSE_REASONS) }), request).reason);
    return authorization;
  });
}

/** Which key of the platform signs what nobody asked to be signed by another one. */
function platformRoutes(app: FastifyInstance, { settings: { platform } }: AdminParts): void {
  const view = (): object => ({ publicKeyId: platform.publicKeyId, all: [...platform.keys.keys()] });
  app.get('/platform', view);
  app.post('/platform', (request) => {
    const { publicKeyId } = read(z.object({ publicKeyId: z.string() }), request);
    if (!platform.keys.has(publicKeyId)) throw new AdminProblem(404, `no key ${publicKeyId}`);
    platform.publicKeyId = publicKeyId;
    return view();
  });
}

function steeringRoutes(app: FastifyInstance, { store, settings, faults, calls, lifecycle }: AdminParts): void {
  const clock = (): object => ({
    now: new Date(store.now()).toISOString(),
    offsetSeconds: store.world.clockOffsetMs / 1_000,
  });
  app.get('/clock', clock);
  app.post('/clock/advance', (request) => {
    const { seconds } = read(z.object({ seconds: z.number().positive().max(MOST_ADVANCE_S) }), request);
    store.commit({ t: 'clock', offsetMs: store.world.clockOffsetMs + Math.round(seconds * 1_000) });
    return { ...clock(), moved: lifecycle.sweep() };
  });
  app.post('/clock/rewind', (request) => {
    const { seconds } = read(z.object({ seconds: z.number().positive().max(MOST_ADVANCE_S) }), request);
    // What has happened stays in its order: the past can only be begun in.
    if (store.world.billsInOrder.length > 0) throw new AdminProblem(409, 'there are bills: time does not go back');
    store.commit({ t: 'clock', offsetMs: store.world.clockOffsetMs - Math.round(seconds * 1_000) });
    return clock();
  });
  app.get('/faults', () => ({ faults: faults.list() }));
  app.post('/faults', (request) => {
    const fault = faults.order(read(faultSchema, request));
    if ('problem' in fault) throw new AdminProblem(400, fault.problem);
    return fault;
  });
  app.delete('/faults', () => {
    faults.clear();
    return { faults: [] };
  });
  app.delete('/faults/:id', (request) => {
    faults.clear(param(request, 'id'));
    return { faults: faults.list() };
  });
  app.get('/limits', () => settings.limits);
  app.post('/limits', (request) => {
    const changes = read(limitsSchema, request);
    for (const [name, value] of Object.entries(changes)) {
      const current = settings.limits[name as keyof Limits];
      if (typeof current !== typeof value) throw new AdminProblem(400, `no limit "${name}" of that type`);
    }
    return Object.assign(settings.limits, changes);
  });
  app.get('/calls', (request) => ({ calls: calls.latest(page(request, 'limit', 100)) }));
}

function messageViews(app: FastifyInstance, { store, inbox, box }: AdminParts): void {
  app.get('/sms', (request) => ({ messages: inbox.latest(page(request, 'limit', 100), queryText(request, 'to')) }));
  app.get('/messages', (request) => ({
    messages: box.latest(page(request, 'limit', 100), queryText(request, 'userId')),
  }));
  app.post('/users/:id/consents', (request) => {
    const { id } = needUser(store, param(request, 'id'));
    const { templateId } = read(z.strictObject({ templateId: z.string().max(64) }), request);
    return { userId: id, templateId, consents: box.agree(id, templateId) };
  });
}

function ledgerRoutes(app: FastifyInstance, { store }: AdminParts): void {
  const { world } = store;
  app.get('/ledger/summary', (request) => summarize(world, queryText(request, 'mchId')));
  app.get('/ledger/bills', (request) => {
    const { items, next } = slice(world.billsInOrder, request);
    return { bills: items.map(billView), next };
  });
  app.get('/ledger/entries', (request) => {
    const { items, next } = slice(world.ledger.entries, request);
    return { entries: items.map(entryView), next };
  });
}

/** Items after sequence number `after`; `next` is what to pass as `after` for the following page, null at the end. */
function slice<T>(all: readonly T[], request: FastifyRequest): { items: readonly T[]; next: number | null } {
  const after = page(request, 'after', 0);
  const limit = Math.min(page(request, 'limit', 500), MOST_PER_PAGE);
  const end = after + limit;
  return { items: all.slice(after, end), next: end < all.length ? end : null };
}

function page(request: FastifyRequest, name: string, otherwise: number): number {
  const text = queryText(request, name) ?? String(otherwise);
  if (!/^\d{1,12}$/.test(text)) throw new AdminProblem(400, `${name} must be a whole number`);
  return Number(text);
}

function param(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

function read<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const document = jsonBody(request);
  if (document === undefined) throw new AdminProblem(400, 'the body is not JSON');
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw new AdminProblem(400, z.prettifyError(parsed.error));
  return parsed.data;
}

function needUser(store: Store, id: string): SandboxUser {
  const user = store.world.users.get(id);
  if (user === undefined) throw new AdminProblem(404, `no user ${id}`);
  return user;
}

function needBill(store: Store, channel: Channel, outBillNo: string): Bill {
  for (const mchId of store.world.merchantsSeen) {
    const bill = store.world.bills.get(`${channel}:${mchId}:${outBillNo}`);
    if (bill !== undefined) return bill;
  }
  throw new AdminProblem(404, `no ${channel} ${outBillNo}`);
}
