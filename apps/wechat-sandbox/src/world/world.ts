import type { SandboxEvent, SandboxUser, IssuedToken } from './event';
import { Authorizations } from './authorization';
import type { Identity } from './identity';
import { isPaid, isTerminal, locksMoney, makeBill, mayMove, type Bill, type NewBill } from './bill';
import { BANK, Ledger, merchantAccount, userAccount } from './ledger';
import { businessDay } from './clock';

interface DayCount {
  count: number;
  fen: number;
}

/** The state of the stand-in, changed by events only. `apply` throws before it changes anything when an event is not allowed. */
export class World {
  readonly users = new Map<string, SandboxUser>();
  readonly bills = new Map<string, Bill>();
  readonly billsInOrder: Bill[] = [];
  readonly authorizations = new Authorizations();
  readonly ledger = new Ledger();
  readonly tokens: IssuedToken[] = [];
  readonly merchantsSeen = new Set<string>();
  clockOffsetMs = 0;
  private readonly openids = new Map<string, { openid: string; userId: string; virtual: boolean }>();
  private readonly merchantNames = new Map<string, string>();
  private readonly byPlatformNo = new Map<string, Bill>();
  private readonly byUser = new Map<string, Bill[]>();
  /** Counts of the newest day only; pretended time never runs backwards. */
  private readonly redpacksOfDay = new Map<string, DayCount>();
  private countedDay = '';

  constructor(
    private readonly identity: Identity,
    private readonly appId: string,
  ) {}

  apply(event: SandboxEvent): void {
    switch (event.t) {
      case 'user':
        return this.putUser(event.user);
      case 'topup':
        this.merchantsSeen.add(event.mchId);
        this.merchantNames.set(event.mchId, event.mchId);
        return this.ledger.move({
          at: event.at,
          kind: 'topup',
          from: BANK,
          to: merchantAccount(event.mchId),
          amountFen: event.amountFen,
        });
      case 'clock':
        this.clockOffsetMs = event.offsetMs;
        return;
      case 'bill':
        this.addBill(event.bill);
        return;
      case 'past':
        return this.addPast(event);
      case 'repeat':
        this.need(event.key).acceptedCount += 1;
        return;
      case 'move':
        return this.move(event);
      case 'notify': {
        const bill = this.need(event.key);
        bill.notifyAttempts += 1;
        bill.notifyDone = event.done;
        return;
      }
      case 'authorization':
        return this.authorizations.add(event.authorization);
      case 'authorization_move':
        return this.authorizations.move(event.key, event.state, event.at, event.closeReason);
      case 'authorization_notify':
        return this.authorizations.noteTold(event.key, event.news, event.done);
      case 'token':
        this.putToken(event.token);
    }
  }

  openidOf(user: SandboxUser): string {
    return this.identity.openid(this.appId, user.id, user.snapshot === true);
  }

  /** The user behind an openid; `virtual` marks the throw-away account of a 快照页. */
  whoIs(openid: string): { userId: string; virtual: boolean } | undefined {
    return this.openids.get(openid);
  }

  byPlatform(platformNo: string): Bill | undefined {
    return this.byPlatformNo.get(platformNo);
  }

  billsOf(userId: string): readonly Bill[] {
    return this.byUser.get(userId) ?? [];
  }

  /** Red packets made on a Beijing day, for one user or (`userId` = '*') for the merchant. */
  redpacksOn(mchId: string, userId: string, at: number): Readonly<DayCount> {
    const none = { count: 0, fen: 0 };
    return businessDay(at) === this.countedDay ? (this.redpacksOfDay.get(`${mchId}|${userId}`) ?? none) : none;
  }

  private putUser(user: SandboxUser): void {
    this.users.set(user.id, user);
    const openid = this.openidOf(user);
    this.openids.set(openid, { openid, userId: user.id, virtual: user.snapshot === true });
  }

  private addBill(made: NewBill): string {
    const bill = makeBill({ ...made, ...this.shared(made) }, this.billsInOrder.length + 1);
    const { key } = bill;
    if (this.bills.has(key)) throw new Error(`bill ${key} exists already`);
    if (this.byPlatformNo.has(bill.platformNo)) throw new Error(`platform number ${bill.platformNo} exists already`);
    if (locksMoney(bill.state)) this.lock(bill, bill.createdAt);
    else if (isPaid(bill.state)) throw new Error(`bill ${key} cannot be born paid`);
    this.bills.set(key, bill);
    this.billsInOrder.push(bill);
    this.byPlatformNo.set(bill.platformNo, bill);
    const own = this.byUser.get(bill.userId);
    if (own === undefined) this.byUser.set(bill.userId, [bill]);
    else own.push(bill);
    if (bill.channel === 'redpack') this.countRedpack(bill);
    return key;
  }

  private addPast({ bill, states, at, failReason }: Extract<SandboxEvent, { t: 'past' }>): void {
    const key = this.addBill(bill);
    for (const state of states) this.move({ t: 'move', key, state, at, failReason });
  }

  /** The names a bill has in common with others, as the one copy this world keeps. */
  private shared({ openid, userId, mchId }: NewBill): Pick<NewBill, 'openid' | 'userId' | 'mchId' | 'appId'> {
    const known = this.openids.get(openid);
    return {
      openid: known?.openid ?? openid,
      userId: known?.userId ?? userId,
      mchId: this.merchantNames.get(mchId) ?? mchId,
      appId: this.appId,
    };
  }

  private move(event: Extract<SandboxEvent, { t: 'move' }>): void {
    const bill = this.need(event.key);
    const same = bill.state === event.state;
    if (!same && !mayMove(bill.state, event.state)) {
      throw new Error(`bill ${bill.key} cannot go from ${bill.state} to ${event.state}`);
    }
    if (locksMoney(event.state) && bill.lockedFen === 0) this.lock(bill, event.at);
    if (isPaid(event.state)) this.credit(bill, event.at);
    else if (isTerminal(event.state) && bill.lockedFen > 0) this.release(bill, event.at);
    bill.state = event.state;
    bill.updatedAt = event.at;
    bill.failReason = event.failReason ?? bill.failReason;
    bill.holdUntil = event.holdUntil;
    bill.afterHold = event.afterHold;
  }

  private lock(bill: Bill, at: number): void {
    this.ledger.move({
      at,
      kind: 'lock',
      billKey: bill.key,
      from: merchantAccount(bill.mchId),
      to: bill.account,
      amountFen: bill.amountFen,
    });
    bill.lockedFen = bill.amountFen;
  }

  private credit(bill: Bill, at: number): void {
    this.ledger.move({
      at,
      kind: 'credit',
      billKey: bill.key,
      from: bill.account,
      to: userAccount(bill.userId),
      amountFen: bill.amountFen,
    });
    bill.lockedFen = 0;
    bill.creditedFen += bill.amountFen;
    bill.creditCount += 1;
  }

  private release(bill: Bill, at: number): void {
    this.ledger.move({
      at,
      kind: 'release',
      billKey: bill.key,
      from: bill.account,
      to: merchantAccount(bill.mchId),
      amountFen: bill.lockedFen,
    });
    bill.lockedFen = 0;
  }

  private countRedpack(bill: Bill): void {
    const day = businessDay(bill.createdAt);
    if (day < this.countedDay) return;
    if (day > this.countedDay) this.redpacksOfDay.clear();
    this.countedDay = day;
    for (const who of [bill.userId, '*']) {
      const key = `${bill.mchId}|${who}`;
      const seen = this.redpacksOfDay.get(key) ?? { count: 0, fen: 0 };
      this.redpacksOfDay.set(key, { count: seen.count + 1, fen: seen.fen + bill.amountFen });
    }
  }

  private putToken(token: IssuedToken): void {
    this.tokens.push(token);
    // Only the newest few of an app can still be valid; the force limit looks one day back.
    while (this.tokens.length > 500) this.tokens.shift();
  }

  private need(key: string): Bill {
    const bill = this.bills.get(key);
    if (bill === undefined) throw new Error(`no bill ${key}`);
    return bill;
  }
}
