export { CodeBook, type CodeKeys, type DecodedCode } from './text/code-book';
export { CODE_LENGTH, formatCode, MAX_BATCH, MAX_LAYER, MAX_SERIAL, parseCode } from './text/code-text';
export { Ff1 } from './text/ff1';
