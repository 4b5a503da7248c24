import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ClerkDirectory, DecideClerk, StoreBindings, type Clerk } from '@app/channel';
import { scopeOf, type Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  ClerkDecisionDto,
  StoreClerkPageDto,
  StoreClerksQuery,
  type StoreBindingDto,
  type StoreClerkDto,
} from './store-clerks.dto';

/** Who redeems in stores: the store's QR, and the people who bound by it. A distributor decides about its own stores. */
@ConsoleController('')
export class StoreClerksController {
  constructor(
    private readonly bindings: StoreBindings,
    private readonly clerks: ClerkDirectory,
    private readonly decide: DecideClerk,
  ) {}

  @Get('stores/:id/binding')
  binding(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<StoreBindingDto> {
    return this.bindings.of(scopeOf(operator), id);
  }

  @Get('stores/:id/binding.svg')
  @ApiProduces('image/svg+xml')
  async picture(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const svg = await this.bindings.svg(scopeOf(operator), id);
    await reply
      .header('content-type', 'image/svg+xml')
      .header('content-security-policy', "default-src 'none'")
      .send(svg);
  }

  /** The QR that is out binds nobody any more; clerks that are bound stay. */
  @Post('stores/:id/binding/renew')
  @HttpCode(200)
  async renew(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<StoreBindingDto> {
    await this.bindings.renew(operator, id);
    return this.bindings.of(scopeOf(operator), id);
  }

  @Get('store-clerks')
  async list(@CurrentOperator() operator: Operator, @Query() query: StoreClerksQuery): Promise<StoreClerkPageDto> {
    const { items, nextCursor } = await this.clerks.list(scopeOf(operator), query);
    return { items: items.map(clerkDto), nextCursor };
  }

  @Post('store-clerks/:id/confirm')
  @HttpCode(204)
  async confirm(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<void> {
    await this.decide.run(operator, id, 'confirm');
  }

  @Post('store-clerks/:id/refuse')
  @HttpCode(204)
  async refuse(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: ClerkDecisionDto,
  ): Promise<void> {
    await this.decide.run(operator, id, 'refuse', reason);
  }

  @Post('store-clerks/:id/remove')
  @HttpCode(204)
  async remove(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: ClerkDecisionDto,
  ): Promise<void> {
    await this.decide.run(operator, id, 'remove', reason);
  }
}

function clerkDto({ id, storeId, storeName, name, state, askedAt, decidedAt, reason }: Clerk): StoreClerkDto {
  return { id, storeId, storeName, name, state, askedAt, decidedAt, reason };
}
