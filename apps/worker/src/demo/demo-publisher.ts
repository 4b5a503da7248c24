import { Injectable } from '@nestjs/common';
import { CampaignList, PublishCampaign, SaveDraft, type CampaignContent } from '@app/campaigns';
import { Pictures } from '@app/pictures';
import { demoHero } from './demo-hero';

/** Who asks for money or approval and who grants it: two people. */
export interface TwoPeople {
  readonly author: number;
  readonly approver: number;
}

/** Puts campaigns of the demo brand in force, and the picture that one of them wears. */
@Injectable()
export class DemoPublisher {
  constructor(
    private readonly campaigns: CampaignList,
    private readonly saveDraft: SaveDraft,
    private readonly publishCampaign: PublishCampaign,
    private readonly pictures: Pictures,
  ) {}

  /** The hash of the hero. */
  async hero({ author }: TwoPeople): Promise<string> {
    return (await this.pictures.keep(demoHero(), author)).hash;
  }

  /** Returns the campaign's id; one that an earlier run published is left as it is. */
  async run(content: CampaignContent, people: TwoPeople): Promise<number> {
    const known = (await this.campaigns.page({ limit: 100 })).items.find(({ name }) => name === content.name);
    if (known && known.status !== 'draft') return known.id;
    const id = known?.id ?? (await this.saveDraft.run({ content, by: people.author })).campaignId;
    await this.publishCampaign.run({ campaignId: id, by: people.author, approvedBy: people.approver });
    return id;
  }
}
