import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { bulkInsert, isDuplicate, placeholders, UnitOfWork, type SqlValue, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { couponOf, MOST_COUPON_LINES, type LineFault } from './coupon-lines';
import { CouponPoolList, type CouponImport } from './coupon-pool-list';
import { CouponVault } from './coupon-vault';

export interface CouponImportCommand {
  readonly poolId: number;
  /** Named by the sender: the same key with the same lines goes on where it stopped and ends in the same report. */
  readonly importKey: string;
  /** One code each, at most MOST_COUPON_LINES. */
  readonly lines: readonly string[];
  readonly by: number | null;
}

const KEY = /^[0-9A-Za-z._-]{8,64}$/;
/** Lines of one transaction: short enough that no other import waits long. */
const CHUNK = 500;

/** What one chunk of lines came to. */
interface Sorted {
  readonly fresh: readonly { readonly code: string; readonly blind: Buffer }[];
  readonly faults: readonly { readonly line: number; readonly fault: LineFault }[];
}

/** Fills a pool from a list of codes, chunk by chunk, each in its own transaction together with how far the import has come. */
@Injectable()
export class ImportCoupons {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly vault: CouponVault,
    private readonly list: CouponPoolList,
  ) {}

  /**
   * The report, exact to the line. Rejected: `bad_import_key`, `no_lines` (400), `too_many_lines` (413), `no_such_pool` (404),
   * `import_key_used` (409) when the key stands for other lines.
   */
  async run({ poolId, importKey, lines, by }: CouponImportCommand): Promise<CouponImport> {
    if (!KEY.test(importKey)) {
      throw new Rejected('bad_import_key', '导入编号应是 8 到 64 个字母、数字或 . _ -', 400);
    }
    if (lines.length === 0) throw new Rejected('no_lines', '文件里没有券码', 400);
    if (lines.length > MOST_COUPON_LINES) {
      throw new Rejected('too_many_lines', `一次最多导入 ${MOST_COUPON_LINES} 行，请分几次导入`, 413);
    }
    const importId = await this.unitOfWork.run((tx) => this.begin(tx, { poolId, importKey, lines, by }));
    let done = false;
    while (!done) done = await this.unitOfWork.run((tx) => this.chunk(tx, poolId, importId, lines));
    return this.list.importOf(poolId, importId);
  }

  /** Returns the import's number, a new one or the one this key already has. */
  private async begin(tx: Tx, { poolId, importKey, lines, by }: CouponImportCommand): Promise<number> {
    const [pool] = await tx.query<{ id: number }>('SELECT id FROM coupon_pools WHERE id = ?', [poolId]);
    if (!pool) throw new Rejected('no_such_pool', '没有这个券码库', 404);
    const hash = createHash('sha256').update(JSON.stringify(lines)).digest();
    try {
      const { insertId } = await tx.execute(
        `INSERT INTO coupon_imports (pool_id, import_key, content_hash, line_count, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
        [poolId, importKey, hash, lines.length, by],
      );
      return insertId;
    } catch (error) {
      if (!isDuplicate(error, 'uq_coupon_imports_key')) throw error;
    }
    const [earlier] = await tx.query<{ id: number; hash: Buffer }>(
      'SELECT id, content_hash AS hash FROM coupon_imports WHERE pool_id = ? AND import_key = ?',
      [poolId, importKey],
    );
    if (!earlier) throw new Defect('an import that is there and is not');
    if (!earlier.hash.equals(hash)) {
      throw new Rejected('import_key_used', '这个导入编号已经用在另一份内容上，请换一个', 409);
    }
    return earlier.id;
  }

  /** One more chunk; true when the last line is done. The pool's lock lets one import at a time hand out positions. */
  private async chunk(tx: Tx, poolId: number, importId: number, lines: readonly string[]): Promise<boolean> {
    const [pool] = await tx.query<{ filled: number }>('SELECT filled FROM coupon_pools WHERE id = ? FOR UPDATE', [
      poolId,
    ]);
    const [run] = await tx.query<{ done: number }>(
      'SELECT done_lines AS done FROM coupon_imports WHERE id = ? FOR UPDATE',
      [importId],
    );
    if (!pool || !run) throw new Defect('a coupon import lost its pool');
    if (run.done >= lines.length) return true;
    const part = lines.slice(run.done, run.done + CHUNK);
    const { fresh, faults } = await this.sort(tx, poolId, importId, part, run.done);
    await this.store(tx, poolId, importId, pool.filled, fresh);
    await bulkInsert(
      tx,
      'coupon_import_faults',
      ['import_id', 'line', 'fault'],
      faults.map(({ line, fault }) => [importId, line, fault]),
    );
    const bad = faults.filter(({ fault }) => fault === 'bad').length;
    const done = run.done + part.length;
    await tx.execute(
      `UPDATE coupon_imports SET done_lines = ?, accepted = accepted + ?, duplicates = duplicates + ?, bad = bad + ?,
              finished_at = IF(? = line_count, UTC_TIMESTAMP(6), NULL) WHERE id = ?`,
      [done, fresh.length, faults.length - bad, bad, done, importId],
    );
    // Last, because scans wait for this row.
    await tx.execute('UPDATE coupon_stock SET total = total + ? WHERE pool_id = ?', [fresh.length, poolId]);
    return done >= lines.length;
  }

  private async sort(
    tx: Tx,
    poolId: number,
    importId: number,
    part: readonly string[],
    before: number,
  ): Promise<Sorted> {
    const codes = part.map(couponOf);
    const blinds = codes.map((code) => (code ? this.vault.blind(code) : null));
    const known = await this.known(tx, poolId, blinds);
    const seen = new Set<string>();
    const fresh: { code: string; blind: Buffer }[] = [];
    const faults: { line: number; fault: LineFault }[] = [];
    codes.forEach((code, index) => {
      const line = before + index + 1;
      const blind = blinds[index];
      if (code === '') return;
      if (code === null || !blind) return void faults.push({ line, fault: 'bad' });
      const key = blind.toString('hex');
      const heldBy = known.get(key);
      if (seen.has(key) || heldBy === importId) return void faults.push({ line, fault: 'repeated' });
      if (heldBy !== undefined) return void faults.push({ line, fault: 'known' });
      seen.add(key);
      fresh.push({ code, blind });
    });
    return { fresh, faults };
  }

  /** Which of these the pool holds already, and from which import. */
  private async known(tx: Tx, poolId: number, blinds: readonly (Buffer | null)[]): Promise<Map<string, number>> {
    const asked = blinds.filter((blind): blind is Buffer => blind !== null);
    if (asked.length === 0) return new Map();
    const rows = await tx.query<{ blind: Buffer; importId: number }>(
      `SELECT blind, import_id AS importId FROM coupon_codes WHERE pool_id = ? AND blind IN (${placeholders(asked)})`,
      [poolId, ...asked],
    );
    return new Map(rows.map(({ blind, importId }) => [blind.toString('hex'), importId]));
  }

  private async store(tx: Tx, poolId: number, importId: number, filled: number, fresh: Sorted['fresh']): Promise<void> {
    const rows = fresh.map(({ code, blind }, index): SqlValue[] => {
      const position = filled + index;
      return [poolId, position, this.vault.seal(code, poolId, position), blind, importId];
    });
    await bulkInsert(tx, 'coupon_codes', ['pool_id', 'position', 'code_sealed', 'blind', 'import_id'], rows);
    await tx.execute('UPDATE coupon_pools SET filled = filled + ? WHERE id = ?', [fresh.length, poolId]);
  }
}
