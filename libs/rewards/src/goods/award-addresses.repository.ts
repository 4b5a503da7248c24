import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { isDuplicate, type Reader, sealedAt, Sealer, type Tx } from '@app/database';
import { payoutKeyOf, type AwardRow } from '../award';
import { maskAddress, type Address } from './address';

/** Text that the winner agreed to when the address was given; a new text is a new version. */
export const ADDRESS_CONSENT = 'address-2026-11';

/** `missing`: the winner still has to say where to; `given`: may be changed; `taken`: a shipment has it. */
export type AddressState = 'missing' | 'given' | 'taken';

export interface GivenAddress {
  readonly state: Exclude<AddressState, 'missing'>;
  /** Null after erasure. */
  readonly masked: string | null;
}

type Key = Pick<AwardRow, 'code' | 'slot'>;

/** The table `award_addresses`. */
@Injectable()
export class AwardAddresses {
  private readonly sealer: Sealer;

  constructor(@Inject(CONFIG) config: Config) {
    this.sealer = Sealer.fromConfig(config);
  }

  /** Stores or replaces the address. False when a shipment has taken it: then nothing changed. */
  async save(tx: Tx, award: AwardRow, address: Address): Promise<boolean> {
    const sealed = this.sealer.seal(JSON.stringify(address), placeOf(award));
    const { code, slot, member } = award;
    try {
      await tx.execute(
        `INSERT INTO award_addresses (batch_id, layer, serial, slot, member_id, address_sealed, consent, consented_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
        [code.batch, code.layer, code.serial, slot, member, sealed, ADDRESS_CONSENT],
      );
      return true;
    } catch (error) {
      if (!isDuplicate(error, 'PRIMARY')) throw error;
    }
    const { affectedRows } = await tx.execute(
      `UPDATE award_addresses SET address_sealed = ?, consent = ?, consented_at = UTC_TIMESTAMP(6), updated_at = UTC_TIMESTAMP(6)
        WHERE batch_id = ? AND layer = ? AND serial = ? AND slot = ? AND taken_at IS NULL`,
      [sealed, ADDRESS_CONSENT, code.batch, code.layer, code.serial, slot],
    );
    return affectedRows === 1;
  }

  /** What was sealed for this award. */
  open(sealed: Buffer, award: Key): Address {
    return JSON.parse(this.sealer.open(sealed, placeOf(award))) as Address;
  }

  /** Addresses by `payoutKeyOf`, masked; awards without one are missing. */
  async given(reader: Reader, awards: readonly Key[]): Promise<Map<string, GivenAddress>> {
    if (awards.length === 0) return new Map();
    const rows = await reader.query<{
      batch: number;
      layer: number;
      serial: number;
      slot: number;
      sealed: Buffer | null;
      takenAt: Date | null;
    }>(
      `SELECT batch_id AS batch, layer, serial, slot, address_sealed AS sealed, taken_at AS takenAt FROM award_addresses
        WHERE (batch_id, layer, serial, slot) IN (${awards.map(() => '(?,?,?,?)').join(',')})`,
      awards.flatMap(({ code, slot }) => [code.batch, code.layer, code.serial, slot]),
    );
    return new Map(
      rows.map(({ batch, layer, serial, slot, sealed, takenAt }) => {
        const award = { code: { batch, layer, serial }, slot };
        const masked = sealed && maskAddress(this.open(sealed, award));
        return [payoutKeyOf(award), { state: takenAt ? 'taken' : 'given', masked }] as const;
      }),
    );
  }
}

function placeOf(award: Key): string {
  return sealedAt('award_addresses', 'address_sealed', payoutKeyOf(award));
}
