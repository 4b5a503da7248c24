import { fen, formatYuan } from '@app/kernel';
import type { Evidence, Verdict } from './audit';
import type { Chaos } from './chaos';
import type { Tally } from './tally';

const SHOWN = 12;
const WIDTH = 40;

export interface Story {
  readonly tally: Tally;
  readonly shoppers: number;
  readonly struck: ReadonlyMap<string, number>;
  readonly chaos: Pick<Chaos, 'struck' | 'flushes' | 'recoveriesMs'> | null;
  readonly playedMs: number;
  readonly quietMs: number;
}

/** What happened and whether it adds up, for a terminal. */
export function report(story: Story, evidence: Evidence, verdict: Verdict): string {
  return [
    ...played(story, evidence.summary.openIncidents),
    ...ledgers(evidence),
    ...verdict.checks.flatMap(({ name, says, faults }) => [
      `  ${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(6)} ${says}`,
      ...faults.slice(0, SHOWN).map((fault) => `         ${fault}`),
      ...(faults.length > SHOWN ? [`         … and ${faults.length - SHOWN} more`] : []),
    ]),
    '',
    `  difference ${verdict.differenceFen} fen${verdict.ok ? '' : ' – NOT SOUND, see above'}`,
    '',
  ].join('\n');
}

function played(
  { tally, shoppers, struck, chaos, playedMs, quietMs }: Story,
  incidents: Evidence['summary']['openIncidents'],
): string[] {
  const trouble = [...struck.values()].reduce((sum, count) => sum + count, 0);
  return [
    '',
    line('shoppers', shoppers, `signed in ${tally.signIns}, sign-in rounds ${tally.signInRounds}`),
    line('scan requests', tally.requests, `asked again ${tally.retried}; ${seconds(playedMs)} of play`),
    line('scans answered', tally.scanIds.size, counts(tally.verdicts)),
    line('refused for now', sum(tally.refusals), counts(tally.refusals)),
    line('codes that won', tally.wins.size, kinds(tally)),
    line('packets opened', tally.opened.length, `of ${tally.ofKind('locked').length} that waited for another bottle`),
    line('taps on 确认收款', tally.confirmed, `put the phone away while waiting ${tally.gaveUp}`),
    line('trouble at WeChat', trouble, counts(struck)),
    ...(chaos ? struckLines(chaos) : []),
    line(
      'incidents raised',
      incidents.reduce((all, { count }) => all + count, 0),
      incidents.map(({ kind, count }) => `${kind} ${count}`).join(', '),
    ),
    line('quiet after', seconds(quietMs), ''),
    '',
  ];
}

function struckLines({ struck, flushes, recoveriesMs }: NonNullable<Story['chaos']>): string[] {
  const sorted = [...recoveriesMs].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? 0;
  return [
    line('strikes', sum(struck), counts(struck)),
    line('Redis emptied', flushes, ''),
    line(
      'served again after',
      seconds(middle),
      `the longest ${seconds(sorted.at(-1) ?? 0)}, of ${sorted.length} strikes`,
    ),
  ];
}

function ledgers({ summary, budgets, budgetId, payouts, sandbox, bills }: Evidence): string[] {
  const own = budgets.find(({ id }) => id === budgetId);
  const failed = bills.filter(({ creditedFen }) => creditedFen === 0);
  const row = (name: string, ours: string, theirs: string): string =>
    `  ${name.padEnd(WIDTH)}${ours.padStart(18)}${theirs.padStart(18)}`;
  const states = Object.entries(summary.byState).filter(([, { count }]) => count > 0);
  return [
    row('yuan', 'our ledger', "sandbox's ledger"),
    row('granted (this campaign)', money(own?.grantedFen), ''),
    row('awarded (this campaign)', money((own?.reservedFen ?? 0) + (own?.settledFen ?? 0)), ''),
    row('awarded', money(summary.awardedFen), ''),
    row('still reserved / locked in open bills', money(summary.reservedFen), money(sandbox.lockedFen)),
    row('settled / credited', money(summary.settledFen), money(sandbox.creditedFen)),
    row(
      'of bills that came back / refunded',
      money(failed.reduce((all, bill) => all + bill.amountFen, 0)),
      money(sandbox.refundedFen),
    ),
    row('payouts / bills', String(payouts.length), String(sandbox.acceptedBills)),
    row('settled / successful', String(summary.byState.SETTLED?.count ?? 0), String(sandbox.successBills)),
    row('open', String(summary.unresolved.length), String(sandbox.openBills)),
    `  payouts: ${states.map(([state, { count, fen: sumFen }]) => `${state} ${count} (${money(sumFen)})`).join(', ')}`,
    '',
  ];
}

function line(name: string, value: string | number, more: string): string {
  return `  ${name.padEnd(20)}${String(value).padStart(10)}   ${more}`.trimEnd();
}

function counts(map: ReadonlyMap<string, number>): string {
  return [...map]
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function sum(map: ReadonlyMap<string, number>): number {
  return [...map.values()].reduce((all, count) => all + count, 0);
}

function money(amount: number | undefined): string {
  return amount === undefined ? '?' : formatYuan(fen(amount));
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function kinds(tally: Tally): string {
  return ['cash', 'locked', 'coupon', 'nothing'].map((kind) => `${kind} ${tally.ofKind(kind).length}`).join(', ');
}
