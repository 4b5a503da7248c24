import { audit, type Evidence, type Verdict } from './audit';
import { Chaos, MENUS } from './chaos';
import { Dice } from './dice';
import type { Options } from './options';
import { bottlesNeeded, makePlans } from './plan';
import { comeBack, play, type Say } from './play';
import { untilOnlyPeopleAreLeft, untilQuiet } from './quiet';
import { report, type Story } from './report';
import { Sandbox, type FakeUser } from './sandbox';
import { Tally } from './tally';
import { Weather } from './weather';
import type { Budget, Payout, DecisionCheck, ScanRow } from './wire';
import { buildWorld, enterConsole, type Headquarters, type World } from './world';

/** A little more than the 24 hours in which a person may tap. */
const PAST_CONFIRMING_S = 24 * 3_600 + 600;
const USERS_AT_ONCE = 5_000;
const PEOPLE_WITHIN_MS = 60_000;

export interface Rehearsed {
  readonly ok: boolean;
  readonly text: string;
  readonly verdict: Verdict;
  readonly figures: Figures;
}

/** What a series of rehearsals adds up. */
export interface Figures {
  readonly ok: boolean;
  readonly differenceFen: number;
  readonly scansAnswered: number;
  readonly settledFen: number;
  readonly struck: Readonly<Record<string, number>>;
  readonly flushes: number;
  readonly recoveriesMs: readonly number[];
  readonly quietMs: number;
}

/**
 * The whole rehearsal: headquarters set a campaign up, shoppers scan and take their money while WeChat has its bad days, the clock moves
 * past the 24 hours, some come back; once nothing moves any more both ledgers are compared to the fen.
 */
export async function rehearse(options: Options, say: Say): Promise<Rehearsed> {
  const since = new Date(Date.now() - 60_000);
  const dice = new Dice(options.seed);
  const sandbox = new Sandbox(options.places);
  const hq = await enterConsole(options);
  say('headquarters: product, batch, budget, campaign');
  const world = await buildWorld(hq, options, bottlesNeeded(options.shoppers), new Dice(Date.now()));
  const users = await makeUsers(sandbox, options.shoppers, dice);
  const parties = makePlans(users, world.codes, dice);

  const tally = new Tally();
  const weather = new Weather(sandbox, options.faultPercent);
  const chaos = chaosOf(options);
  const startedAt = Date.now();
  await weather.begin();
  chaos?.begin();
  const shoppers = await play(parties, options, tally, say);
  await untilOnlyPeopleAreLeft(hq.author, PEOPLE_WITHIN_MS);
  say('a day later: money that nobody took comes back, some ask again');
  await sandbox.advance(PAST_CONFIRMING_S);
  await untilQuiet(hq.author, options.quietWithinS * 1_000);
  await comeBack(shoppers, options, tally);
  await chaos?.end();
  const struck = await weather.end();
  const playedMs = Date.now() - startedAt;
  await untilOnlyPeopleAreLeft(hq.author, PEOPLE_WITHIN_MS);
  say('faults are over, another day passes');
  await sandbox.advance(PAST_CONFIRMING_S);

  const { afterMs } = await untilQuiet(hq.author, options.quietWithinS * 1_000);
  const evidence = await gather({ hq, sandbox, world, tally, chaos, since });
  const verdict = audit(evidence);
  const story: Story = { tally, shoppers: users.length, struck, chaos, playedMs, quietMs: afterMs };
  const figures = figuresOf(story, evidence, verdict);
  return { ok: verdict.ok, verdict, figures, text: report(story, evidence, verdict) };
}

function figuresOf({ tally, chaos, quietMs }: Story, { summary }: Evidence, { ok, differenceFen }: Verdict): Figures {
  return {
    ...{ ok, differenceFen, quietMs, settledFen: summary.settledFen, scansAnswered: tally.scanIds.size },
    struck: Object.fromEntries(chaos?.struck ?? []),
    flushes: chaos?.flushes ?? 0,
    recoveriesMs: chaos?.recoveriesMs ?? [],
  };
}

/** People in the cities of those the stand-in already knows, whose addresses the IP tables place right. */
async function makeUsers(sandbox: Sandbox, count: number, dice: Dice): Promise<FakeUser[]> {
  const known = (await sandbox.users()).filter((user) => !user.snapshot);
  const mark = new Dice(Date.now()).word(5);
  const users = Array.from({ length: count }, (_, index): FakeUser => {
    const { city, latitude, longitude, ip } = dice.pick(known);
    return { id: `r${mark}-${index}`, nickname: `彩排顾客${index}`, city, latitude, longitude, ip };
  });
  for (let from = 0; from < users.length; from += USERS_AT_ONCE) {
    await sandbox.addUsers(users.slice(from, from + USERS_AT_ONCE));
  }
  return users;
}

function chaosOf({ chaos, places, seed }: Options): Chaos | null {
  const { redisUrl, runFile, readyUrls } = places;
  if (chaos === null || redisUrl === null || runFile === null) return null;
  return new Chaos(MENUS[chaos], { redisUrl, runFile, readyUrls }, new Dice(seed + 1));
}

async function gather({
  hq,
  sandbox,
  world,
  tally,
  chaos,
  since,
}: {
  hq: Headquarters;
  sandbox: Sandbox;
  world: World;
  tally: Tally;
  chaos: Chaos | null;
  since: Date;
}): Promise<Evidence> {
  const { author } = hq;
  const { summary } = await untilQuiet(author, 0);
  const campaign = await author.get<{ stock: { prizeKey: string; stock: number | null; issued: number }[] }>(
    `campaigns/${world.campaignId}`,
  );
  const top = campaign.stock.find(({ prizeKey }) => prizeKey === 'top');
  const own = new Set([...world.codes.active, ...world.codes.void, ...world.codes.inactive, ...world.codes.verify]);
  const rows = await author.all<ScanRow>(`scans?from=${encodeURIComponent(since.toISOString())}`);
  return {
    summary,
    budgets: await author.all<Budget>('budgets'),
    budgetId: world.budgetId,
    grantedFen: world.grantedFen,
    payouts: await author.all<Payout>('payouts'),
    sandbox: await sandbox.ledger(),
    bills: await sandbox.bills(),
    scanIds: tally.scanIds,
    rows: rows.filter(({ code }) => own.has(code.replaceAll('-', ''))),
    decisions: await decideAgain(author, since),
    wins: [...tally.wins.values()],
    opened: tally.opened,
    lockedFen: world.lockedFen,
    top: { stock: world.topStock, issued: top?.issued ?? 0 },
    wrongs: [...tally.wrongs, ...(chaos?.wrongs ?? [])],
  };
}

async function decideAgain(author: Headquarters['author'], since: Date): Promise<DecisionCheck> {
  let checked = 0;
  const differing: DecisionCheck['differing'][number][] = [];
  let cursor: string | null = null;
  do {
    const path = `scans/decision-check?limit=100&from=${encodeURIComponent(since.toISOString())}`;
    const page: DecisionCheck & { nextCursor: string | null } = await author.get(
      cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
    );
    checked += page.checked;
    differing.push(...page.differing);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { checked, differing };
}
