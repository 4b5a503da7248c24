import { createPool, type Pool } from 'mysql2/promise';

const WRITERS = 2;
const LARGEST = 200;

interface Waiting {
  readonly serial: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The least a durable scan can be: three narrow rows (code state, scan, outbox) of a group in one transaction and one round trip, two
 * writers, each starting as soon as it is free. No rules, no budget, no answer text. What the real core is measured against.
 */
export class ThreeRowFloor {
  private readonly line: Waiting[] = [];
  private busy = 0;
  private next = 0;

  private constructor(private readonly pool: Pool) {}

  /** `ownerUrl`: of a user who may make tables. */
  static async open(ownerUrl: string): Promise<ThreeRowFloor> {
    const pool = createPool({ uri: ownerUrl, connectionLimit: WRITERS, multipleStatements: true });
    await pool.query(`
      CREATE OR REPLACE TABLE bench_claims (batch INT UNSIGNED, serial INT UNSIGNED, scans INT UNSIGNED, member BIGINT UNSIGNED, PRIMARY KEY (batch, serial)) ENGINE=InnoDB;
      CREATE OR REPLACE TABLE bench_scans (member BIGINT UNSIGNED, scan_id BIGINT UNSIGNED, serial INT UNSIGNED, at DATETIME(6), PRIMARY KEY (member, scan_id)) ENGINE=InnoDB;
      CREATE OR REPLACE TABLE bench_outbox (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, payload VARBINARY(64)) ENGINE=InnoDB`);
    return new ThreeRowFloor(pool);
  }

  /** Resolves when the three rows are committed. */
  scan(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.line.push({ serial: this.next++, resolve, reject });
      this.pump();
    });
  }

  async close(): Promise<void> {
    await this.pool.query('DROP TABLE bench_claims; DROP TABLE bench_scans; DROP TABLE bench_outbox');
    await this.pool.end();
  }

  private pump(): void {
    while (this.busy < WRITERS && this.line.length > 0) {
      this.busy++;
      void this.write(this.line.splice(0, LARGEST));
    }
  }

  private async write(group: readonly Waiting[]): Promise<void> {
    const rows = (one: (serial: number) => string): string => group.map(({ serial }) => one(serial)).join(',');
    try {
      await this.pool.query(
        `BEGIN; INSERT INTO bench_claims VALUES ${rows((serial) => `(1,${serial},1,${memberOf(serial)})`)}
           ON DUPLICATE KEY UPDATE scans = scans + 1;
         INSERT INTO bench_scans VALUES ${rows((serial) => `(${memberOf(serial)},${serial},${serial},UTC_TIMESTAMP(6))`)};
         INSERT INTO bench_outbox (payload) VALUES ${rows((serial) => `('scan:${serial}')`)}; COMMIT`,
      );
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.busy--;
      this.pump();
    }
  }
}

function memberOf(serial: number): number {
  return (serial * 2_654_435_761) % 4_503_599_627_370_496;
}
