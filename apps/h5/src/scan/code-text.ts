const CODE = /^[0-9A-HJKMNP-TV-Z]{17}$/;

/** What people type: any case, dashes and blanks, I/L for 1 and O for 0. Returns the 17 characters or null. */
export function readCodeText(typed: string): string | null {
  const text = typed
    .toUpperCase()
    .replace(/[\s\-–—·]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  return CODE.test(text) ? text : null;
}

/** The code in what a QR symbol says: our own address, short or GS1 Digital Link, or the bare code. Null for anything else. */
export function codeInQr(text: string): string | null {
  const last = text.trim().split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  return readCodeText(last);
}
