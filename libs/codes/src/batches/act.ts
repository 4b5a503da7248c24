import { databaseNow, type Tx } from '@app/database';

/** Who does something, and when. */
export interface Act {
  /** Operator id; null for the system itself. */
  readonly by: number | null;
  /** Only for writing history under a pretended clock; otherwise the database's time counts. */
  readonly at?: Date;
}

export async function timeOf(tx: Tx, act: Act): Promise<Date> {
  return act.at ?? databaseNow(tx);
}
