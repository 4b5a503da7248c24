export { addDays, shanghaiDay, shanghaiDayStart, shanghaiFields, shanghaiWords } from './business-day';
export { ManualClock, systemClock, type Clock } from './clock';
export { CROCKFORD, crockford } from './crockford';
export { Defect, Rejected, Transient } from './errors';
export { fen, fenFromColumn, formatYuan, sumFen, type Fen } from './fen';
export { codeKey, memberId, SCAN_ID_PATTERN, scanId, type CodeTriple, type MemberId, type ScanId } from './ids';
export { checkLimit, MAX_PAGE, readCursor, writeCursor, type Page, type PageRequest } from './page';
export { randomPositive, systemRandom, type Random } from './random';
