import { X509Certificate } from 'node:crypto';
import type { Config } from '@app/config';

/** A key that WeChat or we sign with, and when it ends; null = it has no end (a bare public key) or none can be read. */
export interface KeyDate {
  readonly owner: 'merchant' | 'platform';
  /** mchId of a merchant's certificate, key id of the platform's. */
  readonly id: string;
  readonly until: Date | null;
}

/** Every certificate of this deployment. */
export function keyDates({ wechat }: Pick<Config, 'wechat'>): KeyDate[] {
  const { merchants, platform } = wechat;
  return [
    ...merchants.map(({ mchId, certificate }): KeyDate => ({
      owner: 'merchant',
      id: mchId,
      until: endOf(certificate),
    })),
    ...[platform, ...platform.others].map(({ publicKeyId, publicKey }): KeyDate => ({
      ...{ owner: 'platform', id: publicKeyId, until: endOf(publicKey) },
    })),
  ];
}

/** When a certificate ends (inclusive second), null for anything that is no readable certificate. */
export function endOf(pem: string): Date | null {
  if (!pem.includes('BEGIN CERTIFICATE')) return null;
  try {
    const at = Date.parse(new X509Certificate(pem).validTo);
    return Number.isNaN(at) ? null : new Date(at);
  } catch {
    return null;
  }
}

export function isOver(until: Date | null, at: Date): boolean {
  return until !== null && until.getTime() < at.getTime();
}
