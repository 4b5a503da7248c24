import { createSecretKey, randomBytes } from 'node:crypto';
import { Defect, Rejected } from '@app/kernel';
import fc from 'fast-check';
import jsQR from 'jsqr';
import { CodeBook } from '../text/code-book';
import { digitalLink, parseCarrier, parseCarrierPath, printedOrigin, shortUrl } from './carrier';
import { gtinCheckDigit, parseGtin } from './gtin';
import { carrierSize, encodeQr, qrSvg } from './qr';
import { qrSheetHtml } from './qr-sheet';

const book = new CodeBook(new Map([['A', createSecretKey(randomBytes(32))]]));
const code = book.encode({ batch: 1, layer: 0, serial: 42 });
const GTIN = '06901234567892';

/** Draws the SVG's path on a bitmap, four pixels a module, and reads it back with an independent decoder. */
function readBack(svg: string): string | null {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)![1]);
  const pixels = side * 4;
  const image = new Uint8ClampedArray(pixels * pixels * 4).fill(255);
  const dark = /fill="#000" d="([^"]*)"/.exec(svg)![1]!;
  for (const [, x, y, run] of dark.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * 4; row < Number(y) * 4 + 4; row++) {
      for (let column = Number(x) * 4; column < (Number(x) + Number(run)) * 4; column++) {
        image.fill(0, (row * pixels + column) * 4, (row * pixels + column) * 4 + 3);
      }
    }
  }
  return jsQR(image, pixels, pixels)?.data ?? null;
}

const rejection = (work: () => unknown): Rejected => {
  try {
    work();
  } catch (error) {
    if (error instanceof Rejected) return error;
    throw error;
  }
  throw new Error('was not rejected');
};

describe('GTIN', () => {
  it('admits published examples in every length and pads them to 14', () => {
    // GS1's own examples: GTIN-13 and GTIN-8 of the General Specifications, GTIN-12 of a well-known can, GTIN-14 of Digital Link.
    expect(parseGtin('9506000134352')).toBe('09506000134352');
    expect(parseGtin('09506000134352')).toBe('09506000134352');
    expect(parseGtin('96385074')).toBe('00000096385074');
    expect(parseGtin('036000291452')).toBe('00036000291452');
    expect(parseGtin('6901234567892')).toBe(GTIN);
  });

  it('refuses a wrong check digit, another length and other characters', () => {
    for (const bad of [
      '6901234567893',
      '123',
      '',
      '69012345678920',
      '690123456789A',
      ' 6901234567892',
      '６９０１２３４５６７８９２',
    ]) {
      expect(parseGtin(bad)).toBeNull();
    }
  });

  it('computes the only digit it then admits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{12}$/), (digits) => {
        const admitted = [...'0123456789'].filter((digit) => parseGtin(digits + digit) !== null);
        expect(admitted).toEqual([String(gtinCheckDigit(digits))]);
      }),
    );
  });
});

describe('carrier', () => {
  it('prints upper-case URLs of both forms', () => {
    expect(shortUrl('https://q.example.cn', code)).toBe(`HTTPS://Q.EXAMPLE.CN/${code}`);
    expect(shortUrl('http://192.168.1.5:8080/', code)).toBe(`HTTP://192.168.1.5:8080/${code}`);
    expect(shortUrl('q.cn', code)).toBe(`HTTPS://Q.CN/${code}`);
    expect(digitalLink('q.cn', { code, gtin: '6901234567892' })).toBe(`HTTPS://Q.CN/01/${GTIN}/21/${code}`);
    expect(digitalLink('q.cn', { code, gtin: GTIN, lot: 'HF26-07' })).toBe(
      `HTTPS://Q.CN/01/${GTIN}/10/HF26-07/21/${code}`,
    );
  });

  it('refuses hosts that cannot be printed', () => {
    for (const bad of [
      'https://q.cn/path',
      'ftp://q.cn',
      'q_.cn',
      '',
      'q cn',
      '青禾.cn',
      'a..cn',
      '-a.cn',
      'https://u:p@q.cn',
    ]) {
      expect(rejection(() => printedOrigin(bad))).toMatchObject({ code: 'bad_code_host', status: 422 });
    }
    expect(() => digitalLink('q.cn', { code, gtin: '6901234567890' })).toThrow(Defect);
    expect(() => digitalLink('q.cn', { code, gtin: GTIN, lot: 'a/b' })).toThrow(Defect);
  });

  it('reads back what it printed, in any case, with a query or a slash behind', () => {
    const lot = 'HF.26-07';
    for (const path of [`/${code}`, `/${code.toLowerCase()}`, `/${code}/`, `/${code}?from=singlemessage#x`]) {
      expect(parseCarrierPath(path)).toEqual({ code, gtin: null, lot: null });
    }
    expect(parseCarrierPath(`/01/${GTIN}/21/${code}`)).toEqual({ code, gtin: GTIN, lot: null });
    expect(parseCarrierPath(`/01/6901234567892/10/${lot}/21/${code.toLowerCase()}`)).toEqual({ code, gtin: GTIN, lot });
    expect(parseCarrier(shortUrl('http://192.168.1.5:8080', code))).toEqual({ code, gtin: null, lot: null });
    expect(parseCarrier(` ${digitalLink('q.cn', { code, gtin: GTIN, lot })} `)).toEqual({ code, gtin: GTIN, lot });
    expect(parseCarrier(code.toLowerCase())).toEqual({ code, gtin: null, lot: null });
  });

  it.each([
    '/',
    '',
    '/h5/',
    '/v1/h5/scans',
    `/${code}/x`,
    `/01/6901234567893/21/${code}`,
    `/01/${GTIN}/10/${code}`,
    `/01/${GTIN}/21/`,
    `/02/${GTIN}/21/${code}`,
    `/01/${GTIN}/21/${code}/10/LOT`,
    `/01/${GTIN}/10/%E0%A4%A/21/${code}`,
    `/01/${GTIN}/10/${'X'.repeat(21)}/21/${code}`,
    '/%',
  ])('does not take %j for a carrier', (path) => {
    expect(parseCarrierPath(path)).toBeNull();
  });
});

describe('carrier size', () => {
  const plan = { form: 'short', origin: 'https://q.example.cn', level: 'M', moduleMm: 0.33, version: 2 } as const;

  it('is version 2 at level M for a host of 12 characters, 10.89 mm at 0.33 mm modules', () => {
    expect(carrierSize(plan)).toEqual({
      characters: 38,
      version: 2,
      modules: 25,
      sideMm: 10.89,
      symbolMm: 8.25,
      spareCharacters: 0,
    });
  });

  it('refuses a host that breaks the version the artwork was drawn for, and says by how much', () => {
    const error = rejection(() => carrierSize({ ...plan, origin: 'https://qq.example.cn' }));
    expect(error).toMatchObject({
      code: 'code_host_too_long',
      status: 422,
      details: { characters: 39, capacity: 38, version: 3 },
    });
    expect(error.message).toContain('缩短 1 个字符');
    expect(carrierSize({ ...plan, origin: 'https://qq.example.cn', version: null }).version).toBe(3);
    expect(carrierSize({ ...plan, version: 3 }).modules).toBe(29);
  });

  it('knows the capacities of ISO/IEC 18004', () => {
    const spare = (level: 'L' | 'M' | 'Q' | 'H', version: number) =>
      carrierSize({ ...plan, origin: 'http://a.cn', level, version }).spareCharacters + 29;
    expect([spare('L', 2), spare('M', 2), spare('Q', 2)]).toEqual([47, 38, 29]);
    expect([spare('L', 10), spare('M', 10), spare('Q', 10), spare('H', 10)]).toEqual([395, 311, 221, 174]);
  });

  it('agrees with the encoder for Digital Links', () => {
    const gs1 = carrierSize({ ...plan, form: 'gs1', version: null, gtin: GTIN, lotLength: 8 });
    const url = digitalLink(plan.origin, { code, gtin: GTIN, lot: 'ABCDEFGH' });
    expect([gs1.characters, gs1.version]).toEqual([url.length, encodeQr(url, 'M').version]);
  });

  it('refuses nonsense', () => {
    expect(rejection(() => carrierSize({ ...plan, moduleMm: 0 })).code).toBe('bad_module_size');
    expect(rejection(() => carrierSize({ ...plan, moduleMm: NaN })).code).toBe('bad_module_size');
    expect(rejection(() => carrierSize({ ...plan, version: 41 })).code).toBe('bad_version');
  });
});

describe('QR', () => {
  it('draws a symbol that an independent decoder reads', () => {
    for (const url of [shortUrl('https://q.example.cn', code), digitalLink('q.cn', { code, gtin: GTIN, lot: 'L1' })]) {
      for (const level of ['L', 'M', 'Q', 'H'] as const) expect(readBack(qrSvg(url, { level }))).toBe(url);
    }
  });

  it('stays in alphanumeric mode and refuses what would leave it', () => {
    const symbol = encodeQr(shortUrl('https://q.example.cn', code), 'M');
    expect(symbol.version).toBe(2);
    expect(symbol.segments.map((segment) => String((segment.mode as { id: string }).id))).toEqual(['Alphanumeric']);
    expect(() => encodeQr(`https://q.example.cn/${code}`, 'M')).toThrow('not alphanumeric');
  });

  it('carries its printed size', () => {
    expect(qrSvg(shortUrl('q.cn', code), { level: 'M', version: 2, sideMm: 10.89 })).toContain(
      'width="10.89mm" height="10.89mm"',
    );
  });
});

describe('QR sheet', () => {
  const label = { code, url: shortUrl('q.cn', code), productName: '<b>青柠</b> & "500ml"', layerName: '盖内码' };

  it('lays 24 labels on a page, shows code, product and layer, and escapes what people typed', () => {
    const html = qrSheetHtml({ title: '<script>', subtitle: '', labels: Array(25).fill(label), level: 'M' });
    expect(html.match(/<section/g)).toHaveLength(2);
    expect(html.match(/<figure/g)).toHaveLength(25);
    expect(html).toContain('&#60;b&#62;青柠&#60;/b&#62; &#38; &#34;500ml&#34;');
    expect(html).not.toMatch(/<script>|<b>青柠/);
    expect(html).toContain(`${code[0]}-${code.slice(1, 5)}`);
    expect(readBack(/<figure>(<svg.*?<\/svg>)/.exec(html)![1]!)).toBe(label.url);
  });

  it('says what to do when it is empty', () => {
    expect(qrSheetHtml({ title: '空', subtitle: '', labels: [], level: 'M' })).toContain('先在码批次里选一段');
  });
});
