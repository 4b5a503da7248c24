import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { BindClerk, CLERK_CONSENT, ClerkDirectory, type Clerk, type Store } from '@app/channel';
import { MemberDirectory } from '@app/members';
import { regionWords } from '@app/regions';
import { MemberSession } from '../sign-in/member-session';
import { AskBindingDto, type StoreBindingDto, type StorePostDto, type StorePostsDto } from './store-clerk.dto';
import { StoreLimits } from './store-limits';

/** A person becomes a store's clerk: opens the store's QR, gives a name, waits to be confirmed. */
@ApiTags('h5')
@Controller('v1/h5/store')
export class StoreBindingController {
  constructor(
    private readonly session: MemberSession,
    private readonly members: MemberDirectory,
    private readonly clerks: ClerkDirectory,
    private readonly binding: BindClerk,
    private readonly limits: StoreLimits,
  ) {}

  /** Where this person is or asked to be a clerk. */
  @Get('posts')
  async posts(@Req() request: FastifyRequest): Promise<StorePostsDto> {
    const numbers = await this.members.numbersOf(this.session.require(request));
    return { items: (await this.clerks.posts(numbers)).map(postDto) };
  }

  @Get('bindings/:token')
  async look(@Req() request: FastifyRequest, @Param('token') token: string): Promise<StoreBindingDto> {
    const member = this.session.require(request);
    this.limits.admit(member);
    const { store, clerk } = await this.binding.look(token, await this.members.numbersOf(member));
    return bindingDto(store, clerk);
  }

  @Post('bindings')
  @HttpCode(200)
  async ask(@Req() request: FastifyRequest, @Body() { token, name }: AskBindingDto): Promise<StoreBindingDto> {
    const member = this.session.require(request);
    this.limits.admit(member);
    const { store, clerk } = await this.binding.ask(token, await this.members.numbersOf(member), name);
    return bindingDto(store, clerk);
  }
}

function bindingDto({ id, name, adcode, address }: Store, clerk: Clerk | null): StoreBindingDto {
  const store = { storeId: id, name, region: regionWords(adcode), address };
  return { store, post: clerk && postDto(clerk), consent: { ...CLERK_CONSENT } };
}

function postDto({ storeId, storeName, state, name, reason }: Clerk): StorePostDto {
  return { storeId, storeName, state, name, reason };
}
