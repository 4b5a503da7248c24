import type { Reader } from '@app/database';
import { Rejected } from '@app/kernel';

/** Somebody who works in the console, as lists name them. */
export interface Person {
  readonly id: number;
  readonly name: string;
}

export function personOf(id: number | null, name: string | null): Person | null {
  return id === null ? null : { id, name: name ?? '' };
}

/** Throws Rejected `no_operator` (422) for a number that names nobody of headquarters who still works here. */
export async function assertHeadquarters(reader: Reader, operatorId: number): Promise<void> {
  const [row] = await reader.query(
    "SELECT id FROM operators WHERE id = ? AND status = 'active' AND distributor_id IS NULL AND roles NOT IN ('', 'auditor')",
    [operatorId],
  );
  if (!row) throw new Rejected('no_operator', '没有这位总部同事，或账号已停用', 422);
}
