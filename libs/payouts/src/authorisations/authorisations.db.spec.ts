import { randomBytes } from 'node:crypto';
import { textOf } from '@app/database';
import { fen, memberId, type MemberId } from '@app/kernel';
import { SignIn } from '@app/members';
import { openTestDatabase, openTestSandbox, until, type TestDatabase, type TestSandbox } from '@app/testing';
import { HandleAuthorisationNotify } from '../callbacks/handle-authorisation-notify';
import { HandleTransferNotify } from '../callbacks/handle-transfer-notify';
import { openNotifyEdge, signedNotify, type NotifyEdge } from '../callbacks/notify-edge.contract';
import { AUTHORISATION_CLOSED } from '../channels/transfer-authorized.channel';
import { TRANSFER_NOTIFY_PATH } from '../channels/transfer-confirm.channel';
import { openPayouts, type PayoutsRig, PLANTED_CAMPAIGN, type Prize, QUICK } from '../driving/payouts-rig.contract';
import { RequestPayout } from '../driving/request-payout';
import { AskAuthorisation } from './ask-authorisation';
import { AuthorisationViews } from './authorisation-views';
import { AUTHORISATION_NOTIFY_PATH } from './authorisation-wire';
import { Authorisations } from './authorisations';
import { AuthorisationsRepository } from './authorisations.repository';
import { ChangeAuthorisation } from './change-authorisation';
import { DriveAuthorisation, ReconcileAuthorisations } from './drive-authorisation';

jest.setTimeout(60_000);

let db: TestDatabase;
let sandbox: TestSandbox;
let rig: PayoutsRig;
let edge: NotifyEdge;

beforeAll(async () => {
  db = await openTestDatabase();
  sandbox = await openTestSandbox();
  edge = await openNotifyEdge();
  const waitsChange = { ...QUICK, payoutLeaseMs: 2000, wechatTimeoutMs: 1500 };
  rig = await openPayouts(db, { config: sandbox.config({ notifyUrl: edge.url, waitsChange }), realChannels: true });
  edge.handlers = {
    [TRANSFER_NOTIFY_PATH]: (headers, body) => rig.get(HandleTransferNotify).run(headers, body),
    [AUTHORISATION_NOTIFY_PATH]: (headers, body) => rig.get(HandleAuthorisationNotify).run(headers, body),
  };
}, 90_000);
beforeEach(() => {
  edge.deaf = false;
});
afterEach(() => sandbox.noFaults());
afterAll(async () => {
  await rig.close();
  edge.close();
  await sandbox.stop();
  await db.close();
});

interface Person {
  readonly openid: string;
  readonly member: MemberId;
}
/** The database outlives a run and people have one agreement for ever: everybody here is new. */
const run = randomBytes(4).toString('hex');
let people = 0;
async function person(): Promise<Person> {
  const openid = await sandbox.addUser(`silent-${run}-${++people}`);
  return { openid, member: memberId(await rig.get(SignIn).run({ openid })) };
}
const ask = ({ member }: Person) => rig.get(AskAuthorisation).run(member);
const end = ({ member }: Person) => rig.get(ChangeAuthorisation).end(member);
const view = ({ member }: Person) => rig.get(AuthorisationViews).of(member);
const newest = async ({ member }: Person) => (await rig.get(AuthorisationsRepository).newest(db.database, [member]))!;
const drive = async (one: Person) => rig.get(DriveAuthorisation).run((await newest(one)).outAuthorizationNo);
const inForce = async ({ member }: Person) =>
  (await rig.get(Authorisations).inForce(db.database, [member])).get(member) ?? null;
const atWechat = (no: string, act: 'agree' | 'close', body: object = {}) =>
  sandbox.admin('POST', `/authorizations/${no}/${act}`, body);

/** Somebody who agreed, as far as we know and as WeChat knows. */
async function agreed(): Promise<Person & { no: string }> {
  const one = await person();
  await ask(one);
  await drive(one);
  const no = (await newest(one)).outAuthorizationNo;
  await atWechat(no, 'agree');
  await until('in force', async () => (await newest(one)).state === 'TAKING_EFFECT');
  return { ...one, no };
}
/** A prize of this person, asked for silently. */
async function silentPrize(one: Person): Promise<Prize> {
  const prize = await rig.prize(188, one.openid);
  await rig.unitOfWork.run((tx) =>
    rig.get(RequestPayout).run(tx, {
      ...{
        payoutKey: prize.payoutKey,
        memberId: one.member,
        budgetId: prize.budgetId,
        campaignId: PLANTED_CAMPAIGN,
        versionId: 1,
      },
      ...{ amountFen: fen(188), channel: 'transfer_authorized_v3' },
    }),
  );
  return prize;
}
const creditedTo = async ({ openid }: Person) =>
  (await sandbox.bills())
    .filter((bill) => bill.openid === openid)
    .reduce((sum, { creditedFen }) => sum + creditedFen, 0);

it('agrees once on a page of WeChat, and money arrives without a tap', async () => {
  const one = await person();
  expect(await view(one)).toMatchObject({ state: 'off', offered: true, confirm: null });
  await ask(one);
  expect(await view(one)).toMatchObject({ state: 'preparing', offered: false });
  await drive(one);
  const asked = await view(one);
  expect(asked).toMatchObject({ state: 'confirm', confirm: { mchId: sandbox.mchId } });
  expect(asked.expiresAt!.getTime() - Date.now()).toBeGreaterThan(23 * 3_600_000);
  expect(await inForce(one)).toBeNull();

  const { outAuthorizationNo } = await newest(one);
  await atWechat(outAuthorizationNo, 'agree');
  await until('the callback', async () => (await view(one)).state === 'on');
  expect(await view(one)).toMatchObject({ confirm: null, agreedAt: expect.any(Date) });
  expect(await inForce(one)).toEqual({ outAuthorizationNo, mchId: sandbox.mchId });

  const prize = await silentPrize(one);
  await rig.drive(prize);
  await until('settled by the callback', async () => (await rig.payout(prize)).state === 'SETTLED');
  expect(await creditedTo(one)).toBe(188);
  // Nothing that opens a page is kept.
  expect((await newest(one)).packageSealed).toBeNull();
});

it('callbacks that never come are made up for by looking', async () => {
  const one = await person();
  edge.deaf = true;
  await ask(one);
  await rig.get(ReconcileAuthorisations).run();
  await atWechat((await newest(one)).outAuthorizationNo, 'agree');
  await until('found out', async () => {
    await rig.get(ReconcileAuthorisations).run();
    return (await view(one)).state === 'on';
  });
});

it('taps at once, and taps again, are one agreement under one number', async () => {
  const one = await person();
  await Promise.all(Array.from({ length: 6 }, () => ask(one)));
  await drive(one);
  const { outAuthorizationNo } = await newest(one);
  await ask(one);
  await drive(one);
  expect((await newest(one)).outAuthorizationNo).toBe(outAuthorizationNo);
  const rows = await db.database.query('SELECT 1 FROM payout_authorisations WHERE member_id = ?', [one.member]);
  expect(rows).toHaveLength(1);
  const { authorizations } = await sandbox.admin<{ authorizations: { openid: string }[] }>(
    'GET',
    '/authorizations?limit=5000',
  );
  expect(authorizations.filter(({ openid }) => openid === one.openid)).toHaveLength(1);
});

it('answers that get lost are asked for again under the same number', async () => {
  for (const kind of ['timeout_after_commit', 'timeout_before_commit', 'system_error_after_commit', 'bad_signature']) {
    const one = await person();
    await ask(one);
    await sandbox.fault({ scope: 'authorization.create', kind, next: 1, ms: 1700 });
    await drive(one);
    const { outAuthorizationNo, state } = await newest(one);
    expect(state).toBe('ASKED');
    await until('asked again', async () => {
      await drive(one);
      return (await newest(one)).state === 'WAIT_USER';
    });
    expect((await newest(one)).outAuthorizationNo).toBe(outAuthorizationNo);
  }
});

it('nobody agrees within the day: over by WeChat’s word, and only then a new number', async () => {
  const one = await person();
  await ask(one);
  await drive(one);
  const first = await newest(one);
  edge.deaf = true;
  await sandbox.admin('POST', '/clock/advance', { seconds: 25 * 3600 });
  await ask(one);
  expect((await newest(one)).outAuthorizationNo).toBe(first.outAuthorizationNo);
  await drive(one);
  expect(await newest(one)).toMatchObject({ state: 'CLOSED', closeReason: 'USER_OVERDUE_UNCONFIRMED' });
  expect(await view(one)).toMatchObject({ state: 'off', offered: false });
  await ask(one);
  await drive(one);
  const second = await newest(one);
  expect(second.outAuthorizationNo).not.toBe(first.outAuthorizationNo);
  expect((await view(one)).state).toBe('confirm');
});

it('taken back: not used from that moment, WeChat is told until it says so', async () => {
  const one = await agreed();
  edge.deaf = true;
  expect(await end(one)).toBe(true);
  expect([await inForce(one), (await view(one)).state]).toEqual([null, 'ending']);
  await sandbox.fault({ scope: 'authorization.close', kind: 'timeout_before_commit', next: 1, ms: 1700 });
  await drive(one);
  expect((await newest(one)).state).toBe('TAKING_EFFECT');
  await until('closed', async () => {
    await drive(one);
    return (await newest(one)).state === 'CLOSED';
  });
  expect((await newest(one)).closeReason).toBe('CLOSE_VIA_MCH_API');
  expect(await end(one)).toBe(false);
});

it('taken back before WeChat ever heard of it: asked, closed, over', async () => {
  const one = await person();
  await ask(one);
  await end(one);
  await drive(one);
  expect(await newest(one)).toMatchObject({ state: 'CLOSED', closeReason: 'CLOSE_VIA_MCH_API' });
});

it('under the number that is left after a merge a person still sees and ends it', async () => {
  const one = await agreed();
  const other = await person();
  await db.asOwner.query('UPDATE members SET merged_into = ? WHERE id = ?', [other.member, one.member]);
  expect(await view(other)).toMatchObject({ state: 'on' });
  expect(await end(other)).toBe(true);
  await drive(one);
  expect((await newest(one)).state).toBe('CLOSED');
});

it('a database that forgot an agreement asks for the very same one and finds it in force', async () => {
  const one = await agreed();
  await db.asOwner.query('DELETE FROM payout_authorisations WHERE member_id = ?', [one.member]);
  await ask(one);
  expect((await newest(one)).outAuthorizationNo).toBe(one.no);
  await drive(one);
  expect(await inForce(one)).toMatchObject({ outAuthorizationNo: one.no });
});

it('the person ends it in WeChat while money is on its way: a proven failure, nothing paid, the next offer is a tap', async () => {
  const one = await agreed();
  edge.deaf = true;
  const prize = await silentPrize(one);
  await atWechat(one.no, 'close', { reason: 'USER_CLOSE' });
  await until('failed', async () => {
    await rig.drive(prize);
    return (await rig.payout(prize)).state === 'FAILED';
  });
  expect((await rig.payout(prize)).failReason).toBe(AUTHORISATION_CLOSED);
  expect(await creditedTo(one)).toBe(0);
  // We have not heard of it yet: the next offer is one to tap all the same, and the agreement is looked at.
  expect(await inForce(one)).not.toBeNull();
  expect(await rig.request({ ...prize, memberId: one.member })).toMatchObject({ kind: 'requested' });
  await rig.drive(prize);
  const tapped = await rig.payout(prize);
  expect(tapped).toMatchObject({ channel: 'transfer_confirm_v3', offerNo: 2, state: 'WAIT_USER' });
  edge.deaf = false;
  await sandbox.admin('POST', `/transfers/${tapped.billNo}/confirm`, {});
  await until('settled', async () => (await rig.payout(prize)).state === 'SETTLED');
  expect(await creditedTo(one)).toBe(188);
  await rig.get(ReconcileAuthorisations).run();
  expect([await inForce(one), (await newest(one)).closeReason]).toEqual([null, 'USER_CLOSE']);
});

it('a payout that finds no agreement any more never leaves, and fails when WeChat does not know it either', async () => {
  const one = await agreed();
  const prize = await silentPrize(one);
  await end(one);
  await until('it has failed', async () => {
    await rig.drive(prize);
    return (await rig.payout(prize)).state === 'FAILED';
  });
  expect(await rig.payout(prize)).toMatchObject({ failReason: AUTHORISATION_CLOSED });
  expect((await sandbox.bills()).filter(({ openid }) => openid === one.openid)).toEqual([]);
});

describe('callbacks', () => {
  const CONFIRMED = 'MCHTRANSFER.AUTHORIZATION.CONFIRMED';
  const CLOSED = 'MCHTRANSFER.AUTHORIZATION.CLOSED';
  const deliver = ({ headers, body }: ReturnType<typeof signedNotify>) =>
    rig.get(HandleAuthorisationNotify).run(headers, body);
  const waiting = async () => {
    const one = await person();
    await ask(one);
    await drive(one);
    const no = (await newest(one)).outAuthorizationNo;
    const news = (event: string, change: object = {}) => {
      const state = event === CLOSED ? 'CLOSED' : 'TAKING_EFFECT';
      const document = { mch_id: sandbox.mchId, out_authorization_no: no, openid: one.openid, state, ...change };
      return signedNotify(sandbox, event, document);
    };
    return { ...one, news };
  };

  it('a hundred equal ones at once are one agreement, all answered 200', async () => {
    const one = await waiting();
    const confirmed = one.news(CONFIRMED, { authorization_id: '1660000001' });
    const all = await Promise.all(Array.from({ length: 100 }, () => deliver(confirmed)));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect(all.filter(({ body }) => body.message === 'confirmed')).toHaveLength(1);
    expect((await view(one)).state).toBe('on');
  });

  it('CLOSED before CONFIRMED: over, and it stays over', async () => {
    const one = await waiting();
    expect((await deliver(one.news(CLOSED, { close_info: { close_reason: 'USER_CLOSE' } }))).body.message).toBe(
      'closed',
    );
    expect((await deliver(one.news(CONFIRMED))).body.message).toBe('late');
    expect((await deliver(one.news(CLOSED))).body.message).toBe('duplicate');
    expect(await newest(one)).toMatchObject({ state: 'CLOSED', closeReason: 'USER_CLOSE' });
  });

  it('another person, merchant or number, a word that does not fit, nonsense: refused, nothing moves', async () => {
    const one = await waiting();
    const before = await newest(one);
    expect((await deliver(one.news(CONFIRMED, { openid: 'o-thief' }))).status).toBe(403);
    expect((await deliver(one.news(CONFIRMED, { mch_id: '1900000110' }))).status).toBe(403);
    expect((await deliver(one.news(CONFIRMED, { out_authorization_no: 'A0' }))).status).toBe(404);
    expect((await deliver(one.news(CONFIRMED, { state: 'CLOSED' }))).status).toBe(403);
    expect((await deliver(signedNotify(sandbox, CONFIRMED, { hello: 'world' }))).status).toBe(403);
    expect((await deliver(one.news('MCHTRANSFER.SOMETHING.NEW'))).body.message).toBe('ignored');
    expect((await deliver({ ...one.news(CONFIRMED), body: Buffer.from('{}') })).status).toBe(401);
    expect(await newest(one)).toEqual(before);
    const incidents = await db.database.query<{ kind: Buffer }>(
      'SELECT kind FROM payout_incidents WHERE incident_key = ?',
      [`mismatch:${before.outAuthorizationNo}`],
    );
    expect(incidents.map(({ kind }) => textOf(kind))).toEqual(['mismatch']);
  });
});
