/**
 * Domains under which many unrelated people or companies live: sharing one says nothing about being the same. Kept by
 * hand from the providers people meet most; a provider that is missing can only cause a match too many of companies that
 * gave a mail provider as their website, so add it here.
 */

/** Brands of mail providers that own their name under many endings: `yahoo.com`, `yahoo.co.uk`, `yahoo.de` … */
const MAIL_BRANDS = words(`
  aim aliyun aol bol fastmail freenet gmail gmx googlemail hanmail hey hotmail hushmail icloud inbox laposte libero
  lycos mail mailbox mailfence mailinator msn naver netease outlook posteo proton protonmail qq rambler rediffmail
  rocketmail runbox seznam sina terra tiscali tuta tutanota ukr uol virgilio vivaldi wanadoo web yahoo yandex ymail
  zoho zohomail
`);

/** Mail and access providers, and large consumer mail domains, one by one. */
const MAIL_DOMAINS = words(`
  10minutemail.com 126.com 139.com 163.com 163.net 189.cn 1und1.de 21cn.com 263.net a1.net alice.it aliceadsl.fr
  aon.at arcor.de atlas.cz att.net attglobal.net azet.sk bell.net bellsouth.net bigmir.net bigpond.com bigpond.net.au
  bk.ru bluemail.ch bluewin.ch blueyonder.co.uk bol.com.br btinternet.com btopenworld.com cableone.net centrum.cz
  centrum.sk centurylink.net charter.net chello.at chello.nl club-internet.fr comcast.net cox.net cs.com daum.net
  dispostable.com docomo.ne.jp dodo.com.au duck.com earthlink.net email.com email.cz email.de embarqmail.com
  ezweb.ne.jp fibertel.com.ar foxmail.com free.fr freemail.hu frontier.com frontiernet.net getnada.com globo.com
  gmx.net go2.pl googlemail.com grr.la guerrillamail.com hetnet.nl home.nl i.ua icloud.com ig.com.br iinet.net.au
  inbox.lv inbox.ru indamail.hu interia.eu interia.pl on.net iol.pt iprimus.com.au juno.com kabelmail.de
  katamail.com kpnmail.nl list.ru live.at live.be live.ca live.cl live.cn live.co.uk live.co.za live.com live.com.ar
  live.com.au live.com.mx live.com.pt live.com.sg live.de live.dk live.fi live.fr live.hk live.ie live.in live.it
  live.jp live.nl live.no live.ru live.se luukku.com mac.com mail.com maildrop.cc me.com mindspring.com moakt.com
  muenchen.de nate.com netcologne.de netscape.net netzero.com netzero.net neuf.fr ngs.ru ntlworld.com o2.co.uk o2.pl
  o2online.de onet.pl online.de online.no op.pl optonline.net optusnet.com.au orange.fr orange.net osnanet.de
  ozemail.com.au pandora.be pec.it planet.nl pobox.com poczta.fm prodigy.net
  prodigy.net.mx quicknet.nl r7.com roadrunner.com rogers.com safe-mail.net sapo.pt sbcglobal.net scarlet.be sfr.fr
  sharklasers.com shaw.ca sky.com skynet.be skynet.net softbank.ne.jp sohu.com swbell.net sympatico.ca t-online.de
  t-online.hu talktalk.net tds.net tele2.nl telenet.be telfort.nl telia.com telkomsa.net telus.net temp-mail.org
  tempmail.com tin.it tlen.pl tpg.com.au trashmail.com uol.com.br upcmail.nl usa.net verizon.net versatel.nl
  videotron.ca virgin.net virginmedia.com vodafone.de volja.net wavecable.com westnet.com.au
  windowslive.com windstream.net wp.pl xs4all.nl xtra.co.nz yopmail.com ziggo.nl zonnet.nl
`);

/**
 * Platforms where a company's page stands under the platform's own domain: social networks, site builders, directories,
 * app stores, shorteners. Some are single hosts of a company whose other hosts are its own.
 */
const PLATFORMS = words(`
  about.me angel.co appexchange.salesforce.com apps.apple.com apps.shopify.com appsource.microsoft.com
  azuremarketplace.microsoft.com behance.net bigcartel.com bit.ly booking.com canva.site carrd.co clutch.co
  crunchbase.com dribbble.com ebay.co.uk ebay.com ebay.de ecosystem.hubspot.com etsy.com eventbrite.com facebook.com
  fb.com fb.me fiverr.com flickr.com g2.com github.com gitlab.com glassdoor.com godaddysites.com goo.gl google.com
  gumroad.com hubpages.com hubspotpagebuilder.com indeed.com instagram.com issuu.com itunes.apple.com jimdo.com
  jimdofree.com jimdosite.com kickstarter.com kompass.com linkedin.com linktr.ee list-manage.com lnkd.in mailchi.mp
  medium.com meetup.com mystrikingly.com ning.com notion.site onlyfans.com open.spotify.com pagesjaunes.fr
  patreon.com pinterest.com producthunt.com quora.com reddit.com salesforce-sites.com sharepoint.com site123.me
  sites.google.com slideshare.net snapchat.com soundcloud.com squarespace.com strikingly.com substack.com t.co t.me
  telegram.me threads.net tiktok.com tinyurl.com tripadvisor.com trustpilot.com tumblr.com twitch.tv twitter.com
  typeform.com ueniweb.com upwork.com vimeo.com vk.com wa.me webnode.com webs.com weebly.com weebly.site whatsapp.com
  wikipedia.org wix.com wordpress.com wordpress.org x.com xing.com yell.com yellowpages.com yelp.com yolasite.com
  youtu.be youtube.com zillow.com
`);

/** Endings the public-suffix list files under private owners, though companies register under them as under any other. */
const REGISTRY_SUFFIXES = words(`
  ae.org africa.com br.com cn.com co.com co.nl com.de com.se de.com eu.com gb.com gb.net gr.com hu.com hu.net in.net
  jp.net jpn.com mex.com ru.com sa.com se.net uk.com uk.net us.com us.org za.bz za.com
`);

/** Whether people of many companies have their mail under this registrable domain. */
export function isMailProvider(domain: string): boolean {
  return MAIL_DOMAINS.has(domain) || MAIL_BRANDS.has(domain.slice(0, domain.indexOf('.')));
}

/** Whether pages of many companies stand under this host or registrable domain. */
export function isPlatform(host: string): boolean {
  return PLATFORMS.has(host);
}

/** Whether companies register under this private suffix as under a country's. */
export function isRegistrySuffix(suffix: string): boolean {
  return REGISTRY_SUFFIXES.has(suffix);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
