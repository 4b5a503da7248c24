import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { clientIp, trustedProxies, type TrustedProxies } from '@app/regions';

/** Where a request really came from: X-Forwarded-For counts only behind TRUSTED_PROXIES. */
@Injectable()
export class ClientAddress {
  private readonly trusted: TrustedProxies;

  constructor(@Inject(CONFIG) { http }: Config) {
    this.trusted = trustedProxies(http.trustedProxies);
  }

  of(request: FastifyRequest): string | null {
    return clientIp(request.raw.socket.remoteAddress, request.headers['x-forwarded-for'], this.trusted);
  }
}
