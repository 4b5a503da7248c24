import { bulkInsert, placeholders, type Reader, textOf, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import type { Prize } from '../document/campaign-content';

export interface StockRow {
  readonly campaignId: number;
  readonly prizeKey: string;
  /** Prizes over the whole campaign, null = unlimited. */
  readonly stock: number | null;
  readonly issued: number;
}

/** Stock of these campaigns; with `lock` the rows are taken, in key order, for the rest of the transaction. */
export async function readStock(reader: Reader, campaignIds: readonly number[], lock = false): Promise<StockRow[]> {
  if (campaignIds.length === 0) return [];
  const rows = await reader.query<Omit<StockRow, 'prizeKey'> & { prizeKey: Buffer }>(
    `SELECT campaign_id AS campaignId, prize_key AS prizeKey, stock, issued FROM prize_stock
      WHERE campaign_id IN (${placeholders(campaignIds)}) ORDER BY campaign_id, prize_key${lock ? ' FOR UPDATE' : ''}`,
    campaignIds,
  );
  return rows.map((row) => ({ ...row, prizeKey: textOf(row.prizeKey) }));
}

/**
 * Brings the stock rows in line with the prizes of a version being published. Stock may rise, and fall down to what was issued;
 * Rejected `stock_below_issued` (409) below that. Rows of prizes that are gone stay: what was issued stays issued.
 */
export async function publishStock(tx: Tx, campaignId: number, prizes: readonly Prize[]): Promise<void> {
  const rows = await readStock(tx, [campaignId], true);
  const known = new Map(rows.map((row) => [row.prizeKey, row]));
  const wanted = prizes.map((prize) => ({ prize, stock: prize.kind === 'nothing' ? null : prize.stock }));
  for (const { prize, stock } of wanted) {
    const row = known.get(prize.key);
    if (!row || row.stock === stock) continue;
    if (stock !== null && stock < row.issued) {
      throw new Rejected(
        'stock_below_issued',
        `「${prize.name}」已经发出 ${row.issued} 份，库存不能改成 ${stock}`,
        409,
      );
    }
    await tx.execute('UPDATE prize_stock SET stock = ? WHERE campaign_id = ? AND prize_key = ?', [
      stock,
      campaignId,
      prize.key,
    ]);
  }
  const added = wanted.filter(({ prize }) => !known.has(prize.key));
  await bulkInsert(
    tx,
    'prize_stock',
    ['campaign_id', 'prize_key', 'stock', 'issued'],
    added.map(({ prize, stock }) => [campaignId, prize.key, stock, 0]),
  );
}

export interface StockUse {
  readonly campaignId: number;
  readonly prizeKey: string;
  readonly count: number;
}

/**
 * Issues prizes, each only while it lasts, in one conditional statement. Uses of one prize are added up first. False when one of them
 * did not fit: the transaction can then only be rolled back.
 */
export async function issueStock(tx: Tx, uses: readonly StockUse[]): Promise<boolean> {
  const wanted = summed(uses);
  if (wanted.length === 0) return true;
  const count = `CASE ${wanted.map(() => 'WHEN campaign_id = ? AND prize_key = ? THEN ?').join(' ')} END`;
  const counts = wanted.flatMap((use) => [use.campaignId, use.prizeKey, use.count]);
  const { affectedRows } = await tx.execute(
    `UPDATE prize_stock SET issued = issued + ${count}
      WHERE (campaign_id, prize_key) IN (${wanted.map(() => '(?,?)').join(',')})
        AND (stock IS NULL OR issued + ${count} <= stock)`,
    [...counts, ...wanted.flatMap(({ campaignId, prizeKey }) => [campaignId, prizeKey]), ...counts],
  );
  if (affectedRows === wanted.length) return true;
  tx.refuse(new Defect('a prize that was out of stock was to be committed'));
  return false;
}

function summed(uses: readonly StockUse[]): StockUse[] {
  const sums = new Map<string, StockUse>();
  for (const use of uses) {
    const id = `${use.campaignId}:${use.prizeKey}`;
    sums.set(id, { ...use, count: (sums.get(id)?.count ?? 0) + use.count });
  }
  const positive = [...sums.values()].filter(({ count }) => count > 0);
  return positive.sort((a, b) => a.campaignId - b.campaignId || (a.prizeKey < b.prizeKey ? -1 : 1));
}
