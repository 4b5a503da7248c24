import { Injectable } from '@nestjs/common';
import type { Reader } from '@app/database';

/** Whether the database was set back and its bills are still being compared with WeChat. Nothing is sent meanwhile. */
@Injectable()
export class RecoveryState {
  async isOpen(reader: Reader): Promise<boolean> {
    const rows = await reader.query('SELECT id FROM payout_recoveries WHERE closed_at IS NULL LIMIT 1');
    return rows.length > 0;
  }
}
