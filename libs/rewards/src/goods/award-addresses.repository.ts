import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { isDuplicate, placeholders, type Reader, sealedAt, Sealer, textOf, type Tx } from '@app/database';
import type { MemberId } from '@app/kernel';
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

/** An address that is there, with the consent it stands on. `packing`: a parcel is being made, so it cannot go just now. */
export interface KeptAddress extends Key {
  readonly prizeName: string;
  readonly address: Address;
  readonly consent: string;
  readonly consentedAt: Date;
  readonly state: 'waiting' | 'packing' | 'sent';
}

const SENT =
  "EXISTS (SELECT 1 FROM goods_shipments s WHERE s.batch_id = d.batch_id AND s.layer = d.layer AND s.serial = d.serial AND s.slot = d.slot AND s.state = 'shipped')";
/** Nobody's newer than these are shown at once: one person does not win more goods. */
const MOST_KEPT = 200;

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
      rows.flatMap(({ batch, layer, serial, slot, sealed, takenAt }) => {
        // Taken back by its owner: the prize waits for one again.
        if (sealed === null && takenAt === null) return [];
        const award = { code: { batch, layer, serial }, slot };
        const masked = sealed && maskAddress(this.open(sealed, award));
        return [[payoutKeyOf(award), { state: takenAt ? 'taken' : 'given', masked }] as const];
      }),
    );
  }

  /** Newest first. */
  async kept(reader: Reader, members: readonly MemberId[]): Promise<KeptAddress[]> {
    const rows = await reader.query<{
      batch: number;
      layer: number;
      serial: number;
      slot: number;
      prizeName: string;
      sealed: Buffer;
      consent: Buffer;
      consentedAt: Date;
      takenAt: Date | null;
      sent: number;
    }>(
      `SELECT d.batch_id AS batch, d.layer, d.serial, d.slot, a.prize_name AS prizeName, d.address_sealed AS sealed, d.consent,
              d.consented_at AS consentedAt, d.taken_at AS takenAt, ${SENT} AS sent
         FROM award_addresses d JOIN awards a
           ON a.batch_id = d.batch_id AND a.layer = d.layer AND a.serial = d.serial AND a.slot = d.slot
        WHERE d.member_id IN (${placeholders(members)}) AND d.address_sealed IS NOT NULL
        ORDER BY d.consented_at DESC LIMIT ${MOST_KEPT}`,
      members,
    );
    return rows.map(({ batch, layer, serial, slot, prizeName, sealed, consent, consentedAt, takenAt, sent }) => {
      const key = { code: { batch, layer, serial }, slot };
      const state = Number(sent) === 1 ? 'sent' : takenAt === null ? 'waiting' : 'packing';
      return { ...key, prizeName, address: this.open(sealed, key), consent: textOf(consent), consentedAt, state };
    });
  }

  /** Deletes the addresses of these members that no parcel needs. Returns how many. */
  async withdraw(tx: Tx, members: readonly MemberId[]): Promise<number> {
    const { affectedRows } = await tx.execute(
      `UPDATE award_addresses d SET d.address_sealed = NULL, d.updated_at = UTC_TIMESTAMP(6)
        WHERE d.member_id IN (${placeholders(members)}) AND d.address_sealed IS NOT NULL AND (d.taken_at IS NULL OR ${SENT})`,
      members,
    );
    return affectedRows;
  }

  /** Deletes every address of these members. */
  async forget(tx: Tx, members: readonly MemberId[]): Promise<void> {
    await tx.execute(
      `UPDATE award_addresses SET address_sealed = NULL WHERE member_id IN (${placeholders(members)})`,
      members,
    );
  }
}

function placeOf(award: Key): string {
  return sealedAt('award_addresses', 'address_sealed', payoutKeyOf(award));
}
