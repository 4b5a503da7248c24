export { CodeBook, type CodeKeys, type DecodedCode } from './text/code-book';
export { CODE_LENGTH, formatCode, MAX_BATCH, MAX_LAYER, MAX_SERIAL, parseCode } from './text/code-text';
export { Ff1 } from './text/ff1';
export {
  digitalLink,
  LOT_PATTERN,
  parseCarrier,
  parseCarrierPath,
  printedOrigin,
  shortUrl,
  type Carrier,
} from './printing/carrier';
export { gtinCheckDigit, parseGtin } from './printing/gtin';
export { carrierSize, encodeQr, qrSvg, type CarrierPlan, type CarrierSize, type ErrorLevel } from './printing/qr';
export { qrSheetHtml, type QrSheet, type SheetLabel } from './printing/qr-sheet';
