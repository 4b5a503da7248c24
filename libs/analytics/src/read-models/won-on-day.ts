import type { Reader } from '@app/database';
import { fenFromColumn, type Fen } from '@app/kernel';

/** Prizes of every kind that were won on a Shanghai day (`YYYY-MM-DD`), and their fen; the roll-ups are a few seconds behind. */
export async function wonOnDay(reader: Reader, day: string): Promise<{ count: number; fen: Fen }> {
  const [row] = await reader.query<{ wins: string; fen: string }>(
    'SELECT COALESCE(SUM(wins), 0) AS wins, COALESCE(SUM(awarded_fen), 0) AS fen FROM rollup_days WHERE day = ?',
    [day],
  );
  return { count: Number(row!.wins), fen: fenFromColumn(row!.fen) };
}
