import { createHash } from 'node:crypto';
import { Defect } from '@app/kernel';
import { ODDS_TOTAL, type Experiment } from './document/campaign-content';
import { scaleDraw } from './draw';

/**
 * The arm of a member: SHA-256(campaign ‖ experiment ‖ member) as parts per million, against the arms' weights. The same member is
 * always in the same arm, whichever version, node or day; another experiment deals the members anew.
 */
export function armOf(campaignId: number, { key, arms }: Pick<Experiment, 'key' | 'arms'>, member: number): string {
  const bytes = createHash('sha256').update(`arm|${campaignId}|${key}|${member}`).digest();
  const part = scaleDraw(bytes.readUIntBE(0, 6), ODDS_TOTAL);
  let upTo = 0;
  for (const arm of arms) {
    upTo += arm.weight;
    if (part < upTo) return arm.key;
  }
  throw new Defect(`the weights of experiment ${key} do not add up`);
}
