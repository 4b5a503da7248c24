import { Injectable } from '@nestjs/common';
import { type Reader, textOf, type Tx } from '@app/database';

/** The table `member_marks`: how far a walk over members or days has come, so that a worker killed on the way goes on there. */
@Injectable()
export class MemberMarks {
  async read(reader: Reader, name: string): Promise<string | null> {
    const [row] = await reader.query<{ value: Buffer }>('SELECT value FROM member_marks WHERE name = ?', [name]);
    return row ? textOf(row.value) : null;
  }

  async write(tx: Tx, name: string, value: string): Promise<void> {
    await tx.execute(
      'INSERT INTO member_marks (name, value) VALUES (?,?) ON DUPLICATE KEY UPDATE value = VALUES(value)',
      [name, value],
    );
  }
}
