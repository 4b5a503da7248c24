import { StatementError } from '@app/database';

/** Errors in the words and numbers of MariaDB, as the pool would throw them. */
function refusal(
  errno: number | undefined,
  code: string,
  sqlState: string | undefined,
  message: string,
): StatementError {
  return new StatementError({ name: 'Error', message, code, ...(errno && { errno }), ...(sqlState && { sqlState }) });
}

export function duplicate(value: string, key: string): StatementError {
  return refusal(1062, 'ER_DUP_ENTRY', '23000', `Duplicate entry '${value}' for key '${key}'`);
}

export function checkFailed(constraint: string, table: string): StatementError {
  const message = `CONSTRAINT \`${constraint}\` failed for \`memory\`.\`${table}\``;
  return refusal(4025, 'ER_CONSTRAINT_FAILED', '23000', message);
}

export function nullRefused(column: string): StatementError {
  return refusal(1048, 'ER_BAD_NULL_ERROR', '23000', `Column '${column}' cannot be null`);
}

export function noDefault(column: string): StatementError {
  return refusal(1364, 'ER_NO_DEFAULT_FOR_FIELD', 'HY000', `Field '${column}' doesn't have a default value`);
}

export function outOfRange(column: string): StatementError {
  return refusal(1264, 'ER_WARN_DATA_OUT_OF_RANGE', '22003', `Out of range value for column '${column}' at row 1`);
}

export function beyondUnsigned(): StatementError {
  return refusal(1690, 'ER_DATA_OUT_OF_RANGE', '22003', 'BIGINT UNSIGNED value is out of range');
}

export function tooLong(column: string): StatementError {
  return refusal(1406, 'ER_DATA_TOO_LONG', '22001', `Data too long for column '${column}' at row 1`);
}

export function badInstant(value: string, column: string): StatementError {
  const message = `Incorrect datetime value: '${value}' for column \`memory\`.\`table\`.\`${column}\` at row 1`;
  return refusal(1292, 'ER_TRUNCATED_WRONG_VALUE', '22007', message);
}

export function badNumber(value: string, column: string): StatementError {
  const message = `Incorrect integer value: '${value}' for column \`memory\`.\`table\`.\`${column}\` at row 1`;
  return refusal(1366, 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', '22007', message);
}

export function denied(right: string, table: string): StatementError {
  const message = `${right} command denied to user 'app'@'localhost' for table \`memory\`.\`${table}\``;
  return refusal(1142, 'ER_TABLEACCESS_DENIED_ERROR', '42000', message);
}

export function deadlock(): StatementError {
  const message = 'Deadlock found when trying to get lock; try restarting transaction';
  return refusal(1213, 'ER_LOCK_DEADLOCK', '40001', message);
}

export function lockWait(): StatementError {
  const message = 'Lock wait timeout exceeded; try restarting transaction';
  return refusal(1205, 'ER_LOCK_WAIT_TIMEOUT', 'HY000', message);
}

export function connectionLost(): StatementError {
  return refusal(
    undefined,
    'PROTOCOL_CONNECTION_LOST',
    undefined,
    'Connection lost: The server closed the connection.',
  );
}
