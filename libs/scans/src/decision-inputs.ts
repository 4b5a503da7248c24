import type { CampaignStatus, CapUse, CompiledVersion, DecideOptions, DecisionState, ScanFacts } from '@app/campaigns';

type PlainFacts = Omit<ScanFacts, 'nthScan' | 'at'>;

interface Stored {
  readonly facts: PlainFacts;
  readonly at: string;
  readonly nth: { readonly ever: number; readonly day: number; readonly campaign: Record<string, number> };
  readonly versions: readonly number[];
  readonly status: Record<string, CampaignStatus>;
  readonly cap: Record<string, CapUse>;
  readonly stock: Record<string, number>;
  readonly budget: Record<string, number>;
  readonly withoutLocation: boolean;
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
  const { nthScan, at, ...plain } = facts;
  const each = <T>(value: (version: CompiledVersion) => T): Record<string, T> =>
    Object.fromEntries(candidates.map((version) => [version.campaignId, value(version)]));
  const stored: Stored = {
    facts: plain,
    at: at.toISOString(),
    nth: { ever: nthScan.ever, day: nthScan.day, campaign: each(({ campaignId }) => nthScan.campaign(campaignId)) },
    versions: candidates.map(({ versionId }) => versionId),
    status: each(({ campaignId }) => state.status(campaignId)),
    cap: each(({ campaignId }) => state.capUsed(campaignId)),
    stock: Object.fromEntries(candidates.flatMap((version) => stockOf(version, state))),
    budget: Object.fromEntries(
      candidates.flatMap(({ content: { budgetId } }) =>
        budgetId === null ? [] : [[budgetId, state.budgetLeft(budgetId)]],
      ),
    ),
    withoutLocation: options.withoutLocation ?? false,
  };
  return JSON.stringify(stored);
}

/** Only finite stock is kept: unlimited says nothing. */
function stockOf({ campaignId, content }: CompiledVersion, state: DecisionState): [string, number][] {
  return content.prizes.flatMap(({ key }): [string, number][] => {
    const left = state.stockLeft(campaignId, key);
    return left === null ? [] : [[`${campaignId}:${key}`, left]];
  });
}

export function inputsFromText(text: string): DecisionInputs {
  const stored = JSON.parse(text) as Stored;
  return {
    facts: {
      ...stored.facts,
      at: new Date(stored.at),
      nthScan: { ...stored.nth, campaign: (campaignId) => stored.nth.campaign[campaignId] ?? 1 },
    },
    versionIds: stored.versions,
    state: {
      status: (campaignId) => stored.status[campaignId] ?? 'ended',
      capUsed: (campaignId) => stored.cap[campaignId] ?? { countDay: 0, countMonth: 0 },
      stockLeft: (campaignId, prizeKey) => stored.stock[`${campaignId}:${prizeKey}`] ?? null,
      budgetLeft: (budgetId) => stored.budget[budgetId] ?? 0,
    },
    options: { withoutLocation: stored.withoutLocation },
  };
}
