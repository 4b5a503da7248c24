import { mayPay } from '../wechat/platform';
import type { World } from '../story/world';
import { numberIn, textIn, type Row } from './change';

const OVER = new Set(['SETTLED', 'FAILED', 'REFUNDED']);

/** After a fair drain: everything is settled, claimable, or with people who know; and WeChat's books are ours to the fen. */
export function finalRules(world: World): void {
  if (!world.quiet) return notQuiet(world);
  everybodyServed(world);
  booksAgree(world);
  if (!world.restored) soldOut(world);
  membersKnow(world);
  peopleKnow(world);
}

/** What WeChat said both ways is in front of people. */
function peopleKnow({ verdict, watch, contradicted, restored }: World): void {
  for (const billNo of contradicted) {
    const key = watch.bills.payoutOf(billNo);
    const told = restored || (key !== null && watch.raised.has(`${key} contradiction`));
    verdict.check(told, 'I9', () => `nobody is told that WeChat contradicts itself about ${billNo}`);
  }
}

/** I20, I32: what is still open when it should long be over. */
function notQuiet({ verdict, watch, shoppers, wire, courier }: World): void {
  const open = [...watch.payouts.payouts].map(([key, row]) => `${key} ${textIn(row, 'state')}`);
  const rows = [...watch.outbox.values()].map(
    (row) => `${textIn(row, 'job')}(${textIn(row, 'status')} ${textIn(row, 'last_error')})`,
  );
  const waiting = shoppers.filter(({ done }) => !done).map(({ payoutKey }) => payoutKey);
  verdict.fail(
    'I20',
    `not quiet: payouts ${open.join(', ')}; outbox ${rows.join(', ')}; shoppers ${waiting.join(', ')}; ${wire.underWay} packets, ${courier.underWay} letters`,
  );
}

function everybodyServed(world: World): void {
  const { verdict, watch } = world;
  for (const [key, row] of watch.payouts.payouts) {
    const state = textIn(row, 'state');
    const fine = OVER.has(state) || world.withPeople(key);
    verdict.check(fine, 'I20', () => `${key} ends ${state}, and nobody knows`);
    if (state === 'FAILED')
      verdict.check(world.withPeople(key), 'I20', () => `${key} was not paid though its owner kept tapping`);
  }
  for (const [key, award] of watch.rewards.awards) {
    if (numberIn(award, 'amount_fen') === 0) continue;
    const payout = watch.payouts.payouts.get(key);
    verdict.check(
      payout !== undefined,
      'I20',
      () => `prize ${key} of ${textIn(award, 'amount_fen')} fen was never asked for`,
    );
  }
}

/** I5, I6: bill by bill what WeChat paid is what we call settled. */
function booksAgree(world: World): void {
  const { verdict, watch, platform } = world;
  verdict.check(platform.books.sum === 0, 'wx', () => 'WeChat lost money of its own');
  const ours = new Map<string, number>();
  for (const [key, row] of watch.payouts.payouts) {
    if (textIn(row, 'state') === 'SETTLED') ours.set(textIn(row, 'bill_no'), numberIn(row, 'amount_fen'));
    else if (world.withPeople(key)) ours.set(textIn(row, 'bill_no'), -1);
  }
  for (const bill of world.paidBills()) {
    const fen = ours.get(bill.billNo);
    const agrees = fen === bill.fen || fen === -1 || (fen === undefined && world.restored);
    verdict.check(agrees, 'I6', () => `WeChat paid ${bill.billNo} ${bill.fen} fen, we say ${fen ?? 'nothing'}`);
    ours.delete(bill.billNo);
  }
  for (const [billNo, fen] of ours) {
    verdict.check(fen === -1, 'I6', () => `${billNo} is settled here and WeChat paid nothing`);
  }
  for (const bill of platform.bills.values()) {
    const { state } = platform.standing(bill);
    const open = mayPay(state) && bill.credits === 0;
    const excused = world.restored || ours.get(bill.billNo) === -1 || anybodyKnows(world, bill.billNo);
    verdict.check(!open || excused, 'I6', () => `${bill.billNo} is still ${state} at WeChat`);
  }
}

function isMoney(award: Row): boolean {
  return numberIn(award, 'amount_fen') > 0;
}

function anybodyKnows(world: World, billNo: string): boolean {
  const key = world.watch.bills.payoutOf(billNo);
  return key !== null && world.withPeople(key);
}

/** I13: as many prizes as were wanted, or as there were. */
export function soldOut({ verdict, watch, shoppers }: World): void {
  const wanted = new Set(shoppers.map(({ payoutKey }) => payoutKey));
  for (const key of wanted) {
    const [batch] = key.split(':');
    const sameLine = [...watch.rewards.awards].filter(
      ([won, row]) => won.startsWith(`${batch}:`) && isMoney(row),
    ).length;
    const possible = batch === '1' ? Infinity : batch === '2' ? 2 : 1;
    const award = watch.rewards.awards.get(key);
    const fine = (award !== undefined && isMoney(award)) || sameLine >= possible;
    verdict.check(fine, 'I13', () => `${key} won nothing although there were prizes left`);
  }
}

/** I18, I22: what members are told to have received is what they received, once. */
export function membersKnow({ verdict, watch }: World): void {
  const received = new Map<string, number>();
  const won = new Map<string, number>();
  for (const row of watch.payouts.payouts.values()) {
    if (textIn(row, 'state') === 'SETTLED') add(received, textIn(row, 'member_id'), numberIn(row, 'amount_fen'));
  }
  for (const row of watch.rewards.awards.values()) add(won, textIn(row, 'member_id'), 1);
  for (const [id, row] of watch.members) {
    const [told, paid] = [numberIn(row, 'received_fen'), received.get(id) ?? 0];
    verdict.check(told === paid, 'I22', () => `member ${id} is said to have ${told} fen and got ${paid}`);
    const [codes, used] = [numberIn(row, 'codes'), won.get(id) ?? 0];
    verdict.check(codes === used, 'I22', () => `member ${id} is said to have used ${codes} codes and used ${used}`);
    const booked = watch.ledger.account(`member:${id}`);
    verdict.check(booked === paid, 'I3', () => `the books say that member ${id} has ${booked} fen, got ${paid}`);
  }
}

function add(map: Map<string, number>, key: string, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}
