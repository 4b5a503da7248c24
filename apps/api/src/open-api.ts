import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** Describes every documented route, from the DTOs. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle('一码 Yima')
    .setDescription(
      'H5 page and console of a one-item-one-code platform. Money is integer fen, times are ISO 8601 in UTC. ' +
        'Errors: {"error": {"code", "message", "details"?, "requestId"}}. Console mutations need the header `X-Requested-With: yima`.',
    )
    .setVersion('1')
    .addCookieAuth('yima_session', { type: 'apiKey', in: 'cookie' }, 'h5')
    .addCookieAuth('yima_console', { type: 'apiKey', in: 'cookie' }, 'console')
    .build();
  return SwaggerModule.createDocument(app, outline, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
}

/** `/docs` for people, `/docs-json` for programs. */
export function serveDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'docs-json', raw: ['json'] });
}
