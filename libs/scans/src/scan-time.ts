import { Injectable } from '@nestjs/common';
import { databaseNow, type Tx } from '@app/database';

/** When a group of scans happens: the database's time, except where history is written under a pretended clock. */
@Injectable()
export class ScanTime {
  now(tx: Tx): Promise<Date> {
    return databaseNow(tx);
  }
}
