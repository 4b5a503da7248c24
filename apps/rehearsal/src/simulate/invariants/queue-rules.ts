import type { World } from '../story/world';
import { numberIn, textIn } from './change';
import { membersKnow, soldOut } from './final-rules';

/**
 * What the queue owes by itself, after a fair drain in which no reconciler ran: its rows are done, each tap's money was taken in hand, what was
 * settled is told, and scans got what there was. That payouts come to rest is not asked: without a reconciler some never do.
 */
export function rulesWithoutReconciler(world: World): void {
  const { verdict, watch } = world;
  if (!world.still) {
    const rows = [...watch.outbox.values()].map((row) => `${textIn(row, 'job')}(${textIn(row, 'status')})`);
    return verdict.fail('I20', `the queue does not come to rest: ${rows.join(', ') || 'it is empty'}`);
  }
  tapsTakenInHand(world);
  if (!world.restored) soldOut(world);
  membersKnow(world);
}

/**
 * I19, I20: the job of a tap begins its bill. A channel that WeChat has shut makes payouts wait for a reconciler; only an empty balance does
 * that here.
 */
function tapsTakenInHand({ verdict, watch, plan }: World): void {
  if (plan.elements.some(({ kind }) => kind === 'balance empty')) return;
  for (const [key, row] of watch.payouts.payouts) {
    const untouched = textIn(row, 'state') === 'PENDING' && numberIn(row, 'attempt_no') === 0;
    verdict.check(!untouched, 'I20', () => `${key} was asked for, and its job began nothing`);
  }
}
