import { regionOfIp } from './ip-region';
import { regionOfLocation, type Datum } from './location-region';
import { cityOf, namesOf, provinceOf } from './region-tree';

/**
 * How far a place may be believed. agreed: location and IP name the same province; ip: only the IP names one; claimed: only the phone
 * does, which anybody can pretend; disputed: they name different provinces; unknown: neither names any.
 */
export type PlaceTrust = 'agreed' | 'ip' | 'claimed' | 'disputed' | 'unknown';

/** What a phone says of itself. Degrees and metres. */
export interface PhoneLocation {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracy: number;
  readonly datum: Datum;
}

export interface Place {
  /** Finest adcode that is worth its trust, null when unknown. When disputed it is the IP's, which is harder to pretend. */
  readonly adcode: number | null;
  readonly trust: PlaceTrust;
  readonly province: string | null;
  readonly city: string | null;
  readonly district: string | null;
  /** Metres; null when no location was used. */
  readonly accuracyM: number | null;
  /** What each source named by itself, for the scan's facts and for risk. */
  readonly sources: { readonly ip: number | null; readonly location: number | null };
}

/** Accuracy up to which a location may name a district, fence or store; a city; a province. Metres. Beyond, it names nothing. */
export const LARGEST_ERROR_M = { district: 1_000, city: 10_000, province: 50_000 } as const;

/** Where a scan happened, from the client's IP and, when the phone gave one, its location. */
export function place(ip: string | null, location: PhoneLocation | null = null): Place {
  const byIp = ip === null ? null : regionOfIp(ip);
  const byLocation = location === null ? null : regionOfPhone(location);
  const sources = { ip: byIp, location: byLocation };
  const accuracyM = byLocation === null ? null : location!.accuracy;
  const answer = (trust: PlaceTrust, adcode: number | null): Place => ({
    adcode,
    trust,
    ...namesOf(adcode),
    accuracyM,
    sources,
  });
  if (byIp === null) return byLocation === null ? answer('unknown', null) : answer('claimed', byLocation);
  if (byLocation === null) return answer('ip', byIp);
  return provinceOf(byIp) === provinceOf(byLocation) ? answer('agreed', byLocation) : answer('disputed', byIp);
}

/** The region a location names, no finer than its accuracy allows. */
function regionOfPhone({ latitude, longitude, accuracy, datum }: PhoneLocation): number | null {
  if (!(accuracy >= 0 && accuracy <= LARGEST_ERROR_M.province)) return null;
  const adcode = regionOfLocation(latitude, longitude, datum);
  if (adcode === null || accuracy <= LARGEST_ERROR_M.district) return adcode;
  const city = accuracy <= LARGEST_ERROR_M.city ? cityOf(adcode) : null;
  return city ?? provinceOf(adcode);
}
