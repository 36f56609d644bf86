/**
 * Legal forms of companies, written as `normaliseCompanyName` folds names: lower case, Latin letters without
 * accents, single letters joined (`S.p.A.` and `A/S` are `spa` and `as`), conjunctions left out (`GmbH & Co. KG` is
 * three forms in a row). Grouped by where they are at home; separated by commas.
 */
const TRAILING = [
  // English-speaking countries, India, the Gulf
  `inc, incorporated, corp, corporation, co, company, cos, companies, ltd, limited, llc, lllp, llp, lp, plc, pllc, pc,
   limited liability company, limited liability partnership, limited partnership, public limited company, pty,
   proprietary, pte, pvt, private, cic, ulc, dac, clg, opc, fzc, fze, fz, fzco, dmcc, wll, bsc, psc, qsc, saog, saoc`,
  // Germany, Austria, Switzerland
  `gmbh, mbh, ggmbh, ag, se, kg, kgaa, ohg, gbr, ug, haftungsbeschrankt, ek, ev, eg, partg, partgmbb, gesmbh, cie, sagl,
   gesellschaft mit beschrankter haftung, aktiengesellschaft, kommanditgesellschaft, eingetragene genossenschaft`,
  // France, Italy, Spain, Portugal, Latin America, Québec
  `sa, sas, sasu, sarl, eurl, sci, snc, scs, sca, scop, scrl, scpa, sicav, sprl, srl, srls, spa, sapa, soc coop, sce,
   societa per azioni, societa a responsabilita limitata, societe anonyme, societe par actions simplifiee,
   societe a responsabilite limitee, sociedad anonima, sociedad limitada, sociedad de responsabilidad limitada, sl, slu,
   sll, slp, sau, aie, ute, sa de cv, sab de cv, sapi de cv, sab, sapi, s de rl de cv, s de rl, srl de cv, de cv,
   sociedad anonima de capital variable, ltda, limitada, eireli, epp, sociedade anonima, lda, unipessoal, sgps, saa, sac,
   eirl, cia, enr, senc, ltee, limitee, asbl`,
  // The Netherlands, Belgium
  'bv, nv, vof, cvba, cvoa, bvba, vzw, besloten vennootschap, naamloze vennootschap',
  // Nordic countries
  'ab, publ, aktiebolag, hb, kb, as, asa, ans, enk, ks, aps, ivs, amba, aktieselskab, anpartsselskab, oy, oyj, osakeyhtio, ehf, hf, ohf',
  // Baltic countries, central and eastern Europe, the Balkans
  `sro, spol, spol s ro, s ro, akciova spolecnost, vos, doo, dd, ead, eood, ood, jdoo, zrt, nyrt, kft, bt, kkt, sp zoo,
   sp z oo, spolka z oo, spolka zoo, spolka z ograniczona odpowiedzialnoscia, spolka komandytowa, spolka akcyjna, sp k,
   spk, sp j, spj, ooo, oao, zao, pao, ao, pjsc, jsc, ojsc, cjsc, tov, tzov, prat, uab, sia, ou, aktsiaselts, osauhing,
   dooel, shpk, epe, abee, ike, pfa, joint stock company, open joint stock company, closed joint stock company,
   public joint stock company, private joint stock company`,
  // Turkey, central and eastern Asia
  `anonim sirketi, limited sirketi, ltd sti, sti, too, tao, mchj, kk, kabushiki kaisha, kabushiki gaisha, gk, godo kaisha,
   yugen kaisha, yk, pcl, sdn bhd, bhd, berhad, tbk, persero, tnhh, ctcp`,
].join(',');

/** Forms that stand before the name where they are at home. */
const LEADING = `pt, ooo, oao, zao, pao, ao, ip, tov, tzov, prat, pat, uab, sia, too, pjsc, jsc, ojsc, cjsc, cong ty tnhh, cong ty co phan,
  cong ty, kabushiki kaisha, limited liability company, joint stock company, open joint stock company,
  closed joint stock company, public joint stock company, private joint stock company, srl,
  societatea cu raspundere limitata`;

/** Forms of scripts without spaces, taken out wherever they stand; in compatibility form. */
export const ATTACHED_FORMS: readonly string[] = [
  '株式会社',
  '(株)',
  '有限会社',
  '(有)',
  '合同会社',
  '合資会社',
  '股份有限公司',
  '有限责任公司',
  '有限責任公司',
  '有限公司',
  '주식회사',
  '(주)',
  '유한회사',
].map((form) => form.normalize('NFKC'));

/** A form as its words. */
export type LegalForm = readonly string[];

/** Forms at the end of a name, by their last word; of several the longest first. */
export const TRAILING_FORMS: ReadonlyMap<string, readonly LegalForm[]> = byWord(TRAILING, -1);

/** Forms at the beginning of a name, by their first word; of several the longest first. */
export const LEADING_FORMS: ReadonlyMap<string, readonly LegalForm[]> = byWord(LEADING, 0);

function byWord(text: string, place: 0 | -1): ReadonlyMap<string, readonly LegalForm[]> {
  const forms = [...new Set(text.split(',').map((form) => form.trim().replace(/\s+/g, ' ')))]
    .map((form) => form.split(' '))
    .sort((a, b) => b.length - a.length);
  return Map.groupBy(forms, (form) => form.at(place) ?? '');
}
