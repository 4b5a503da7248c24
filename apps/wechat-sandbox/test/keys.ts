import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';
import type { SandboxSecrets } from '../src/settings';

export interface TestMerchant {
  mchId: string;
  apiV2Key: string;
  apiV3Key: string;
  serialNo: string;
  privateKey: string;
  certificate: string;
}

export interface TestKeys {
  secrets: SandboxSecrets;
  merchants: [TestMerchant, TestMerchant];
  ca: string;
  /** A certificate for the first merchant's number, made by somebody else. */
  strangerCertificate: string;
  strangerPrivateKey: string;
}

interface Pair {
  privateKey: string;
  publicKey: string;
}

function pair(): Pair {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

function certificate(
  name: string,
  keys: Pair,
  serial: string,
  issuer: { name: string; keys: Pair },
  isCa = false,
): string {
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  cert.serialNumber = serial;
  cert.validity.notBefore = new Date(Date.now() - 86_400_000);
  cert.validity.notAfter = new Date(Date.now() + 86_400_000 * 30);
  cert.setSubject([{ name: 'commonName', value: name }]);
  cert.setIssuer([{ name: 'commonName', value: issuer.name }]);
  const names = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ];
  cert.setExtensions([
    { name: 'basicConstraints', cA: isCa },
    ...(isCa ? [] : [{ name: 'subjectAltName', altNames: names }]),
  ]);
  cert.sign(forge.pki.privateKeyFromPem(issuer.keys.privateKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(cert);
}

/** Fresh keys and certificates for one test file; its first merchant account has the number `mchId`. */
export function makeKeys(mchId = '1900000109'): TestKeys {
  const ca = { name: 'Test CA', keys: pair() };
  const stranger = { name: 'Test CA', keys: pair() };
  const caCertificate = certificate(ca.name, ca.keys, '01', ca, true);
  const server = pair();
  const platform = pair();
  const merchant = (number: string, serial: string): TestMerchant => {
    const keys = pair();
    return {
      mchId: number,
      apiV2Key: `v2${number}`.padEnd(32, 'x'),
      apiV3Key: `v3${number}`.padEnd(32, 'y'),
      serialNo: serial.toUpperCase(),
      privateKey: keys.privateKey,
      certificate: certificate(number, keys, serial, ca),
    };
  };
  const merchants: [TestMerchant, TestMerchant] = [
    merchant(mchId, '5157f09efdc096de'),
    merchant('1900000110', '6157f09efdc096df'),
  ];
  const strangerKeys = pair();
  return {
    merchants,
    ca: caCertificate,
    strangerCertificate: certificate(mchId, strangerKeys, '7157f09efdc096df', stranger),
    strangerPrivateKey: strangerKeys.privateKey,
    secrets: {
      wechat: {
        appId: 'wx1234567890abcdef',
        appSecret: '0123456789abcdef0123456789abcdef',
        merchants,
        platform: { publicKeyId: 'PUB_KEY_ID_0119000001092026112100000000000001', publicKey: platform.publicKey },
      },
      sandbox: {
        ca: { certificate: caCertificate },
        server: { certificate: certificate('localhost', server, '02', ca), privateKey: server.privateKey },
        platformPrivateKey: platform.privateKey,
        adminToken: 'fedcba9876543210fedcba9876543210',
      },
    },
  };
}
