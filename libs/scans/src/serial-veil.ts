import type { Reader } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { DecisionTrace } from '@app/campaigns';
import { CodeSeals } from '@app/codes';
import type { CodeTriple } from '@app/kernel';
import { hasRight, type Operator } from '@app/staff';

const HIDDEN = '不公开';

/**
 * Who knows which serial a printed code has could look for the codes that were dealt a prize: a serial is told only with the right
 * `export-serials`, and to nobody while a deal over it is open.
 */
@Injectable()
export class SerialVeil {
  constructor(private readonly seals: CodeSeals) {}

  /**
   * Null when `by` (null = the system itself) may know the serial of this code. Else a serial to take in its place wherever questions
   * can be asked: the first of the sealed range, or the first of the batch. It must not depend on the code more than that, because who
   * writes the rules could ask again and again on which side of a border a code lies.
   */
  async standIn(reader: Reader, by: Operator | null, code: CodeTriple): Promise<number | null> {
    const sealed = await this.seals.sealedAround(reader, code);
    if (sealed) return sealed.from;
    return by === null || hasRight(by, 'export-serials') ? null : 0;
  }

  /** The trace of a real decision as `by` may see it. */
  async over(reader: Reader, by: Operator | null, code: CodeTriple, trace: DecisionTrace): Promise<DecisionTrace> {
    return (await this.standIn(reader, by, code)) === null ? trace : withoutSerial(trace);
  }
}

/** What leaves saw of the serial is blanked; what they wanted and found stays, since approved rules are no secret. */
export function withoutSerial(trace: DecisionTrace): DecisionTrace {
  const campaigns = trace.campaigns.map((campaign) => ({
    ...campaign,
    rules: campaign.rules.map((rule) => ({
      ...rule,
      leaves: rule.leaves.map((leaf) => (leaf.field === 'serial' ? { ...leaf, seen: HIDDEN } : leaf)),
    })),
  }));
  return { ...trace, campaigns };
}
