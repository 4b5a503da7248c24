import { CodeBook } from '@app/codes';
import { UnitOfWork } from '@app/database';
import type { MemberId } from '@app/kernel';
import { SignIn } from '@app/members';
import { ApproveGrant, CreateBudget, RequestGrant } from '@app/payouts';
import { CODES_PER_LINE, LINES, PRIZE_KEY } from '../cluster/catalogue';
import { API, PROCESSES, type Cluster } from '../cluster/cluster';
import type { Snapshot } from '../memory-database';
import { Schedule } from '../time/schedule';
import { enter, leave } from '../time/take-over';
import { MEMBERS } from './plan';
import { codeTexts } from './code-texts';

/** What every seed begins with: members, budgets with money, campaigns in force. */
export interface Fixture {
  readonly snapshot: Snapshot;
  readonly members: readonly { readonly id: MemberId; readonly openid: string }[];
  readonly codeTexts: ReadonlyMap<string, string>;
}

/** Made once, by the real use cases, in made-up time. */
export async function makeFixture(cluster: Cluster): Promise<Fixture> {
  const schedule = new Schedule({ seed: 1 });
  cluster.stage.schedule = schedule;
  cluster.database.reset(schedule, {});
  for (const name of PROCESSES) schedule.join(name);
  const members: { id: MemberId; openid: string }[] = [];
  let failure: unknown = null;
  enter(schedule);
  try {
    schedule.start(
      API,
      'fixture',
      async () => {
        for (let no = 0; no < MEMBERS; no++) {
          const openid = `o-simulated-person-${no}`;
          members.push({ openid, id: await cluster.process(API).get(SignIn).run({ openid }) });
        }
        await fund(cluster);
        announce(cluster);
      },
      (error) => {
        failure = error;
      },
    );
    await schedule.run();
  } finally {
    leave();
  }
  if (failure !== null) throw failure as Error;
  const texts = codeTexts(cluster.process(API).get(CodeBook), CODES_PER_LINE);
  return { snapshot: cluster.database.snapshot(), members, codeTexts: texts };
}

async function fund(cluster: Cluster): Promise<void> {
  const api = cluster.process(API);
  const unitOfWork = api.get(UnitOfWork);
  for (const { budgetId, grantedFen } of LINES) {
    await unitOfWork.run(async (tx) => {
      const made = await api.get(CreateBudget).run(tx, { name: `预算 ${budgetId}` });
      if (made !== budgetId) throw new Error(`budget ${made} where ${budgetId} was to be`);
      // Two grants a budget: the first one does not reach for all prizes.
      const first = Math.floor(grantedFen * 0.3);
      for (const [no, amountFen] of [first, grantedFen - first].entries()) {
        const grantId = await api.get(RequestGrant).run(tx, {
          ...{ budgetId, amountFen, applicationNo: `FY-${budgetId}-${no}`, expenseAccount: '促销费' },
          ...{ costCenter: '市场部', bearer: 'hq' as const, requestedBy: 1 },
        });
        await api.get(ApproveGrant).run(tx, { grantId, approvedBy: 2 });
      }
    });
  }
}

/** Campaigns are published through entities of the console, which have no place here: their rows are planted. */
function announce({ database }: Cluster): void {
  for (const { campaignId, stock } of LINES) {
    database.plant(
      `INSERT INTO campaigns (id, name, lane, priority, status, epoch, created_at, updated_at)
       VALUES (?, ?, 'base', 100, 'live', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [campaignId, `活动 ${campaignId}`],
    );
    database.plant('INSERT INTO prize_stock (campaign_id, prize_key, stock, issued) VALUES (?, ?, ?, 0)', [
      campaignId,
      PRIZE_KEY,
      stock,
    ]);
  }
}
