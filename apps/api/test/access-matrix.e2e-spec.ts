import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { CreateDistributor, KeepStores } from '@app/channel';
import { UnitOfWork } from '@app/database';
import { BRAND_ROLES, DISTRIBUTOR_ROLES, isHeadquarters, ROLES, type Role } from '@app/staff';
import { allows, CONSOLE_ACCESS, isAboutOneself } from '../src/console/console-access';
import { ApiRig } from './rig';

/** Everybody who might ask: one of each role, somebody without any, and a stranger. */
type Asker = Role | 'newcomer' | 'stranger';
const ASKERS: readonly Asker[] = [...ROLES, 'newcomer', 'stranger'];
const ABSENT = 999_999_999;
const MONTH = '2026-10';

interface Answered {
  readonly status: number;
  readonly code: string | null;
  readonly message: string | null;
  /** Of a good answer in JSON. */
  readonly body: string | null;
}

let rig: ApiRig;
let [mine, theirs] = [0, 0];
const cookies = new Map<Asker, string>();

beforeAll(async () => {
  rig = await ApiRig.open();
  [mine, theirs] = [await distributor('安徽徽茗'), await distributor('江苏金陵')];
  for (const role of ROLES) {
    const { login, password } = await rig.operator({ roles: [role], distributorId: inside(role) ? null : mine });
    cookies.set(role, await signIn(login, password));
  }
  const { id, login, password } = await rig.operator({ roles: ['marketer'] });
  await rig.db.asOwner.query("UPDATE operators SET roles = '' WHERE id = ?", [id]);
  cookies.set('newcomer', await signIn(login, password));
});
afterAll(() => rig.close());

const inside = (role: Role): boolean => isHeadquarters({ roles: [role] });
const distributor = (name: string): Promise<number> => rig.get(CreateDistributor).run(null, { name });

async function signIn(login: string, password: string): Promise<string> {
  const agent = rig.http.set('x-requested-with', 'yima');
  const answer = await agent.post('/v1/console/login').send({ login, password }).expect(200);
  return (answer.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!;
}

/** Asks over a socket, so that a route that streams for ever is as good as any: what counts is how it begins. */
function ask(asker: Asker, method: string, path: string, body: object = {}): Promise<Answered> {
  const cookie = cookies.get(asker);
  const payload = method === 'GET' ? null : JSON.stringify(body);
  const headers = {
    ...{ host: '127.0.0.1:8080', 'x-requested-with': 'yima' },
    ...(cookie && { cookie }),
    ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
  };
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: rig.port, method, path, headers }, (reply) => {
      const status = reply.statusCode ?? 0;
      if (!String(reply.headers['content-type']).includes('json')) {
        asking.destroy();
        return resolve({ status, code: null, message: null, body: null });
      }
      const parts: Buffer[] = [];
      reply.on('data', (part: Buffer) => parts.push(part));
      reply.on('end', () => {
        const body = Buffer.concat(parts).toString();
        if (status < 400) return resolve({ status, code: null, message: null, body });
        const { error } = JSON.parse(body) as { error?: { code: string; message: string } };
        resolve({ status, code: error?.code ?? null, message: error?.message ?? null, body: null });
      });
    });
    asking.on('error', (error) => (asking.destroyed ? undefined : reject(error)));
    asking.end(payload ?? undefined);
  });
}

const ROUTES = Object.entries(CONSOLE_ACCESS).map(([route, access]) => {
  const [method, pattern] = route.split(' ') as [string, string];
  return { route, access, method, pattern };
});
const pathOf = (pattern: string, ids: Readonly<Record<string, string | number>>): string =>
  pattern.replaceAll(/(?<!:):(\w+)/g, (_, name: string) => String(ids[name] ?? ABSENT)).replace('::', ':');

it('every served route has a row, and every row a route', () => {
  const { routeTable } = rig.app.getHttpAdapter().getInstance();
  const served = routeTable.filter(({ url, method }) => url.startsWith('/v1/console') && method !== 'HEAD');
  expect(served.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(Object.keys(CONSOLE_ACCESS).sort());
});

describe('the table itself', () => {
  const open = ROUTES.filter(({ access }) => access !== 'anyone' && !isAboutOneself(access));

  it('lets an auditor read what headquarters reads, and change nothing', () => {
    const audited = open.filter(({ access }) => allows(access, ['auditor'])).map(({ route }) => route);
    expect(audited.filter((route) => !route.startsWith('GET '))).toEqual([]);
    const unseen = open.filter(
      ({ route, access }) => route.startsWith('GET ') && allows(access, ['owner']) && !audited.includes(route),
    );
    // Live codes are money.
    expect(
      unseen.map(({ route }) => route).filter((route) => !/codes\.(csv|zip)|honey-codes|qr-sheet/.test(route)),
    ).toEqual([]);
  });

  it('gives a distributor’s staff less than their distributor, and no act at all', () => {
    const granted = (role: Role): string[] =>
      open.filter(({ access }) => allows(access, [role])).map(({ route }) => route);
    const [staff, boss] = [granted('distributor_staff'), granted('distributor')];
    expect(staff.filter((route) => !boss.includes(route) || !route.startsWith('GET '))).toEqual([]);
    expect(staff.length).toBeLessThan(boss.length);
  });

  it('withholds nothing from the owner that anybody of headquarters has', () => {
    const withheld = open.filter(({ access }) => allows(access, BRAND_ROLES) && !allows(access, ['owner']));
    expect(withheld.map(({ route }) => route)).toEqual([]);
  });
});

describe('every route × every role', () => {
  it.each(ROUTES.filter(({ access }) => access !== 'anyone'))('$route', async ({ access, method, pattern }) => {
    const path = pathOf(pattern, {});
    const answers = await Promise.all(ASKERS.map(async (asker) => ({ asker, ...(await ask(asker, method, path)) })));
    for (const { asker, status, code } of answers) {
      const told = { asker, status, code };
      if (asker === 'stranger') expect(told).toEqual({ asker, status: 401, code: 'no_session' });
      else if (!allows(access, asker === 'newcomer' ? [] : [asker]))
        expect(told).toEqual({ asker, status: 403, code: 'forbidden' });
      else {
        expect([401, 500]).not.toContain(told.status);
        expect(['forbidden', 'not_our_page', 'enrol_first']).not.toContain(told.code);
      }
    }
  });
});

/** Whose object a parameter names, for every route with one that a distributor may ask. A new route without an entry is a failing test. */
type Thing = (distributorId: number) => Promise<Readonly<Record<string, string | number>>>;

const store: Thing = async (distributorId) => {
  const wish = { name: `门店 ${randomUUID().slice(0, 6)}`, adcode: 340104, address: '长江西路 1 号', location: null };
  return { id: await rig.get(KeepStores).open(null, distributorId, { ...wish, redeems: 'all' }) };
};
const clerk: Thing = async (distributorId) => {
  const { id: storeId } = await store(distributorId);
  const { insertId } = await rig
    .get(UnitOfWork)
    .run((tx) =>
      tx.execute(
        `INSERT INTO store_clerks (store_id, member_id, consent, state, asked_at) VALUES (?, ?, 'v1', 'waiting', UTC_TIMESTAMP(6))`,
        [storeId!, Number(storeId) + 70_000],
      ),
    );
  return { id: insertId };
};
const staff: Thing = async (distributorId) => ({
  id: (await rig.operator({ roles: ['distributor_staff'], distributorId })).id,
});
const itself: Thing = async (distributorId) => Promise.resolve({ id: distributorId, distributorId, month: MONTH });

const STORE_WISH = { name: '新名字', adcode: 340104, address: '长江西路 2 号', redeemsAll: true };
const WHY = { reason: '彩排' };

interface Reach {
  readonly thing: Thing;
  readonly body?: object;
  readonly query?: string;
  /** A list that is empty, byte for byte, for another's object and for an absent one. */
  readonly emptyFor?: 'others';
  /** The act fits no object as it was made here: that it is reached is shown by another refusal than that of an absent one. */
  readonly refusedFor?: string;
}

const REACH: Readonly<Record<string, Reach>> = {
  'GET /v1/console/distributors/:id': { thing: itself },
  'GET /v1/console/distributors/:id/territories': { thing: itself, emptyFor: 'others' },
  'GET /v1/console/stores/:id': { thing: store },
  'PUT /v1/console/stores/:id': { thing: store, body: STORE_WISH },
  'POST /v1/console/stores/:id/status': { thing: store, body: { status: 'closed' } },
  'GET /v1/console/stores/:id/binding': { thing: store },
  'GET /v1/console/stores/:id/binding.svg': { thing: store },
  'POST /v1/console/stores/:id/binding/renew': { thing: store },
  'POST /v1/console/store-clerks/:id/confirm': { thing: clerk },
  'POST /v1/console/store-clerks/:id/refuse': { thing: clerk, body: WHY },
  'POST /v1/console/store-clerks/:id/remove': { thing: clerk, body: WHY },
  'GET /v1/console/redemption-sheets/:distributorId': { thing: itself, query: `upTo=${MONTH}`, emptyFor: 'others' },
  'GET /v1/console/redemption-sheets/:distributorId/:month': { thing: itself },
  'GET /v1/console/redemption-sheets/:distributorId/:month/lines': { thing: itself },
  'GET /v1/console/redemption-sheets/:distributorId/:month/lines.csv': { thing: itself },
  'GET /v1/console/redemption-sheets/:distributorId/:month/lines.xlsx': { thing: itself },
  'POST /v1/console/redemption-sheets/:distributorId/:month/disputes': {
    thing: itself,
    body: { storeId: ABSENT, productId: 1, units: 1, words: '少了一瓶' },
    refusedFor: 'no_store',
  },
  'POST /v1/console/redemption-sheets/:distributorId/:month/disputes/:id/answer': {
    ...{ thing: async (id) => ({ ...(await itself(id)), id: ABSENT }), body: { words: '已补' } },
    refusedFor: 'no_dispute',
  },
  'POST /v1/console/redemption-sheets/:distributorId/:month/disputes/:id/settle': {
    ...{ thing: async (id) => ({ ...(await itself(id)), id: ABSENT }) },
    refusedFor: 'no_dispute',
  },
  'POST /v1/console/redemption-sheets/:distributorId/:month/confirm': { thing: itself, body: { revision: 0 } },
  'GET /v1/console/operators/:id/sessions': { thing: staff },
  'POST /v1/console/operators/:id/invite-again': { thing: staff, refusedFor: 'joined' },
  'POST /v1/console/operators/:id/reset': { thing: staff, body: { ...WHY, secondFactor: false } },
  'POST /v1/console/operators/:id/unlock': { thing: staff },
  'POST /v1/console/operators/:id/disable': { thing: staff, body: WHY },
  'POST /v1/console/operators/:id/enable': { thing: staff, body: WHY, refusedFor: 'not_disabled' },
  'POST /v1/console/operators/:id/end-sessions': { thing: staff },
  'PUT /v1/console/operators/:id/roles': {
    ...{ thing: staff, body: { ...WHY, roles: ['distributor_staff'] } },
    refusedFor: 'same_roles',
  },
};
/** Headquarters' objects that a distributor reads in its own part only: there is nothing foreign about them. */
const SHARED: ReadonlySet<string> = new Set([
  'GET /v1/console/campaigns/:id/funnel',
  'GET /v1/console/campaigns/:id/regions',
]);

describe('a distributor’s own, another’s and absent objects', () => {
  const named = ROUTES.filter(
    ({ access, pattern }) =>
      /(?<!:):\w/.test(pattern) && !isAboutOneself(access) && access !== 'anyone' && allows(access, DISTRIBUTOR_ROLES),
  );

  it('are told apart on every route that names one', () => {
    const known = [...Object.keys(REACH), ...SHARED].sort();
    expect(named.map(({ route }) => route).sort()).toEqual(known);
  });

  it.each(named.filter(({ route }) => route in REACH))('$route', async ({ route, access, method, pattern }) => {
    const { thing, body, query = '', refusedFor, emptyFor } = REACH[route]!;
    const asked = async (asker: Asker, ids: Readonly<Record<string, string | number>>): Promise<Answered> =>
      ask(asker, method, `${pathOf(pattern, ids)}?${query}`, body);
    const absentIds = { month: MONTH };
    for (const role of DISTRIBUTOR_ROLES.filter((one) => allows(access, [one]))) {
      const absent = await asked(role, absentIds);
      expect(emptyFor ? [200] : [403, 404]).toContain(absent.status);
      expect(await asked(role, await thing(theirs))).toEqual(absent);
      const own = await asked(role, await thing(mine));
      if (refusedFor) expect(own.code).toBe(refusedFor);
      else expect([401, 403, 404, 500]).not.toContain(own.status);
    }
    // Headquarters reaches both.
    const brand = BRAND_ROLES.find((one) => one !== 'owner' && allows(access, [one])) ?? 'owner';
    expect([401, 500]).not.toContain((await asked(brand, await thing(theirs))).status);
  });
});
