import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { isDuplicate, UnitOfWork, type Tx } from '@app/database';

/** A holder that dies is replaced after this long; one that works renews three times as often. */
const LEASE_MS = 6_000;
const RENEW_MS = 2_000;

/** One holder at a time across processes, by rows and the database's clock. Redis has no part in it. */
@Injectable()
export class Leases {
  private readonly holder = `${hostname().slice(0, 24)}-${process.pid}-${randomBytes(6).toString('hex')}`;

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Runs `work` when nobody else holds `name` and nobody ran it within the last `everyMs`. Returns whether it ran. The lease is renewed
   * while the work goes on; a holder that dies is replaced within six seconds.
   */
  async once(name: string, everyMs: number, work: () => Promise<void>): Promise<boolean> {
    if (!(await this.acquire(name, LEASE_MS))) return false;
    const renewing = setInterval(() => void this.until(name, LEASE_MS).catch(() => undefined), RENEW_MS);
    try {
      await work();
    } finally {
      clearInterval(renewing);
      await this.until(name, Math.round(everyMs * 0.9));
    }
    return true;
  }

  /** Takes the lease for `forMs`, or returns false. The same process may take it again. */
  async acquire(name: string, forMs: number): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      if (await this.take(tx, name, forMs)) return true;
      const [row] = await tx.query('SELECT name FROM leases WHERE name = ?', [name]);
      if (row) return false;
      await tx
        .execute("INSERT INTO leases (name, holder, until_at) VALUES (?, '', UTC_TIMESTAMP(6))", [name])
        .catch((error: unknown) => {
          if (!isDuplicate(error)) throw error;
        });
      return this.take(tx, name, forMs);
    });
  }

  async release(name: string): Promise<void> {
    await this.until(name, 0);
  }

  private async take(tx: Tx, name: string, forMs: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE leases SET holder = ?, until_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
       WHERE name = ? AND until_at <= UTC_TIMESTAMP(6)`,
      [this.holder, forMs * 1000, name],
    );
    return affectedRows === 1;
  }

  private async until(name: string, inMs: number): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        'UPDATE leases SET until_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND WHERE name = ? AND holder = ?',
        [inMs * 1000, name, this.holder],
      ),
    );
  }
}
