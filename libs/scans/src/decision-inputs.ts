import {
  capsOf,
  type CampaignStatus,
  type CompiledVersion,
  type DecideOptions,
  type DecisionState,
  type MemberScanFacts,
  type ScanFacts,
} from '@app/campaigns';

type PlainFacts = Omit<ScanFacts, 'nthScan' | 'at'>;

/** As it stands on the row; whatever is null, false or empty is left out, because the row is written with every scan. */
interface Stored {
  readonly f: Partial<Omit<PlainFacts, 'member' | 'shippedTo'>>;
  readonly m?: Partial<MemberScanFacts>;
  readonly to?: Partial<ScanFacts['shippedTo']>;
  readonly at: string;
  /** Ordinals: ever, today, and by campaign where it is not the first. */
  readonly n: readonly [ever: number, day: number, campaign?: Record<string, number>];
  readonly v: readonly number[];
  /** Campaigns that were not live. */
  readonly s?: Record<string, CampaignStatus>;
  /** Awards and fen counted already, by campaign and counter key. */
  readonly u?: Record<string, Record<string, readonly [number, number]>>;
  readonly stock?: Record<string, number>;
  readonly budget?: Record<string, number>;
  readonly noPlace?: true;
}

/**
 * Everything one decision was made from, small enough to keep on the scan's row: facts, versions and the state they met. Deciding
 * again from it gives the same result at any later time (INVARIANTS I15).
 */
export interface DecisionInputs {
  readonly facts: ScanFacts;
  /** Versions whose scope covers the code; the others could not have had a say. */
  readonly versionIds: readonly number[];
  readonly state: DecisionState;
  readonly options: DecideOptions;
}

export function inputsToText(
  { facts, state, options }: DecisionInputs,
  candidates: readonly CompiledVersion[],
): string {
  const { nthScan, at, member, shippedTo, ...plain } = facts;
  const stored: Stored = {
    f: plain,
    ...some('m', sparse(member)),
    ...some('to', sparse(shippedTo)),
    at: at.toISOString(),
    n: [nthScan.ever, nthScan.day, ...nthOf(candidates, nthScan)],
    v: candidates.map(({ versionId }) => versionId),
    ...some(
      's',
      entries(candidates, (id) => (state.status(id) === 'live' ? null : state.status(id))),
    ),
    ...some('u', usedOf(candidates, facts, state)),
    ...some('stock', Object.fromEntries(candidates.flatMap((version) => stockOf(version, state)))),
    ...some('budget', Object.fromEntries(candidates.flatMap((version) => budgetOf(version, state)))),
    ...(options.withoutLocation ? { noPlace: true as const } : {}),
  };
  return JSON.stringify(stored);
}

/** `{ [key]: value }`, or nothing when there is nothing in it. */
function some<K extends string, T extends object>(key: K, value: T): Partial<Record<K, T>> {
  return Object.keys(value).length === 0 ? {} : ({ [key]: value } as Record<K, T>);
}

/** A list that is empty is known, and stays. */
function sparse<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null)) as Partial<T>;
}

function entries<T>(
  candidates: readonly CompiledVersion[],
  value: (campaignId: number) => T | null,
): Record<string, T> {
  const pairs = candidates.flatMap(({ campaignId }): [number, T][] => {
    const found = value(campaignId);
    return found === null ? [] : [[campaignId, found]];
  });
  return Object.fromEntries(pairs);
}

function nthOf(candidates: readonly CompiledVersion[], nthScan: ScanFacts['nthScan']): [Record<string, number>?] {
  const later = entries(candidates, (id) => (nthScan.campaign(id) === 1 ? null : nthScan.campaign(id)));
  return Object.keys(later).length === 0 ? [] : [later];
}

function usedOf(
  candidates: readonly CompiledVersion[],
  facts: ScanFacts,
  state: DecisionState,
): NonNullable<Stored['u']> {
  const pairs = candidates.flatMap((version): [number, Record<string, readonly [number, number]>][] => {
    const { campaignId } = version;
    const used = capsOf(version, facts).flatMap(({ key }): [string, readonly [number, number]][] => {
      const { count, fen } = state.used(campaignId, key);
      return count === 0 && fen === 0 ? [] : [[key, [count, fen]]];
    });
    return used.length === 0 ? [] : [[campaignId, Object.fromEntries(used)]];
  });
  return Object.fromEntries(pairs);
}

/** Only finite stock is kept: unlimited says nothing. */
function stockOf({ campaignId, content }: CompiledVersion, state: DecisionState): [string, number][] {
  return content.prizes.flatMap(({ key }): [string, number][] => {
    const left = state.stockLeft(campaignId, key);
    return left === null ? [] : [[`${campaignId}:${key}`, left]];
  });
}

function budgetOf({ content: { budgetId } }: CompiledVersion, state: DecisionState): [number, number][] {
  return budgetId === null ? [] : [[budgetId, state.budgetLeft(budgetId)]];
}

const UNKNOWN_MEMBER: MemberScanFacts = {
  id: null,
  tier: null,
  isNew: null,
  tags: null,
  audiences: null,
  phoneBound: null,
  follows: null,
  shared: null,
  daysSinceLastScan: null,
  risk: null,
};

export function inputsFromText(text: string): DecisionInputs {
  const stored = JSON.parse(text) as Stored;
  const [ever, day, campaign = {}] = stored.n;
  return {
    facts: {
      ...(stored.f as Omit<PlainFacts, 'member' | 'shippedTo'>),
      member: { ...UNKNOWN_MEMBER, ...stored.m },
      shippedTo: { distributor: null, store: null, ...stored.to },
      at: new Date(stored.at),
      nthScan: { ever, day, campaign: (campaignId) => campaign[campaignId] ?? 1 },
    },
    versionIds: stored.v,
    state: {
      status: (campaignId) => stored.s?.[campaignId] ?? 'live',
      used: (campaignId, key) => {
        const [count, fen] = stored.u?.[campaignId]?.[key] ?? [0, 0];
        return { count, fen };
      },
      stockLeft: (campaignId, prizeKey) => stored.stock?.[`${campaignId}:${prizeKey}`] ?? null,
      budgetLeft: (budgetId) => stored.budget?.[budgetId] ?? 0,
    },
    options: { withoutLocation: stored.noPlace ?? false },
  };
}
