/**
 * First names and what their bearers are called, one group a line: two names of one group may be one person's. A name may be
 * in several groups. Lower case, Latin letters without accents; English, German, Dutch, French, Spanish, Italian, Polish,
 * Russian. Being in a group is a hint for a question to a person, and keeps an e-mail address from being taken for shared.
 */
const GROUPS = `
  robert rob robbie robby bob bobby bert
  william will willy willie bill billy liam wim willem wilhelm guillermo guillaume guglielmo
  richard rick ricky rich dick richie ricardo riccardo
  edward ed eddie eddy ted teddy ned eduard eduardo edouard edoardo
  james jim jimmy jamie jaime
  john johnny jon jack johan johann johannes jan jean juan giovanni ivan hans hannes jens
  jonathan jon jonny johnny
  joseph joe joey jose josef giuseppe pepe sepp jozef
  michael mike mick micky mikey michel miguel michele mikhail misha michal mischa
  thomas tom tommy tomas tommaso
  charles charlie chuck chas karl carl carlos carlo charly
  david dave davy davide dawid
  daniel dan danny daniele
  andrew andy drew andreas andre andres andrea andrei andrzej
  anthony tony antonio anton antoine antonius toni
  benjamin ben benny benji
  christopher chris christoph christophe kit topher cristobal cristoforo krzysztof
  christian chris christiaan cristian cristiano
  christine christina chris chrissy tina kristin kristina cristina kirsten krystyna
  peter pete pedro pierre piet pieter piotr pyotr pietro petr
  paul paulus pablo paolo pavel pawel
  stephen steven steve stefan stephan stefano esteban etienne szczepan
  matthew matt matty matthias mathias matteo mateo mateusz mathieu
  nicholas nick nicky nico nicolas niko nikolaus klaus claus niklas nikolai kolya nicola
  alexander alex alec sandy al sascha sasha alexandre alejandro alessandro aleksander aleksandr lex xander
  alexandra alex sandra sandy sasha alessandra alejandra lexi
  albert al bert alberto
  alfred al fred alfredo alfie
  frederick fred freddy freddie friedrich fritz federico frederic fryderyk
  samuel sam sammy
  samantha sam sammy
  gregory greg gregor gregorio grigori
  geoffrey jeffrey geoff jeff
  gerald gerard gerry jerry gerhard gerd gerardo
  george georg georges jorge giorgio jurgen joerg jerzy georgi yuri
  henry harry hank hal heinrich heinz henri enrique enrico hendrik henk henryk
  harold harry hal
  howard howie
  francis frank frankie francois francisco francesco franz franciszek paco pancho frans
  lawrence laurence larry laurie lorenz lorenzo laurent laurens
  leonard leo len lenny leonardo leonhard
  louis lewis lou luis luigi ludwig lodewijk ludovic lutz
  martin marty martino marcin
  mark marc marcus markus marco marcos marek
  philip phil pip philippe philipp felipe filippo filip
  raymond ray raimund ramon
  ronald ron ronnie ronny
  patrick pat paddy rick patricio patryk patrizio
  patricia pat patty tricia trish patsy patrizia
  timothy tim timmy timo
  theodore ted teddy theo theodor teodoro
  vincent vince vinny vincenzo vicente
  walter walt wally gualtiero
  zachary zach zack
  joshua josh
  kenneth ken kenny
  donald don donny donnie
  douglas doug
  eugene gene eugen eugenio evgeny
  stanley stan stanislaw
  nathaniel nathan nate nat
  abraham abe bram ibrahim
  mohammed mohamed muhammad mohammad muhammed mohamad mehmet mahomet mhd md mohd
  ahmed ahmad achmed
  yusuf youssef yousef joseph
  hussein husain hossein huseyin
  elizabeth liz lizzy lizzie beth betty betsy eliza lisa elisabeth elsa ellie lise isabel isabella elzbieta elisa bettina
  margaret maggie meg peggy madge marge margie rita greta margarete margarita marguerite margherita malgorzata gretchen
  katherine catherine kate katie kathy cathy kathryn kat kitty katharina katarina caterina catalina karin trina katrin katarzyna
  mary marie maria molly mae mia marija mariya maryse miriam
  susan sue susie suzy susanne suzanne susanna zuzanna
  rebecca becky becca
  jennifer jen jenny jenna
  jessica jess jessie
  barbara barb barbie babs
  deborah debra deb debbie
  dorothy dot dottie dolly dorothea dorota
  eleanor ellie nell nora leonora eleonora lenore
  helen helena ellen lena elena helene nell yelena
  ann anne anna annie nan nancy anita hannah ania anya anja annette
  sarah sara sally sadie zara
  theresa teresa terry tess tessa therese resi
  victoria vicky vicki tori viktoria vittoria
  virginia ginny ginger
  judith judy jude
  julia julie jules giulia juliana
  pamela pam
  cynthia cindy
  amanda mandy
  abigail abby gail
  angela angie angelika angelica
  jacqueline jackie jacky
  josephine jo josie josefina giuseppina
  charlotte lottie charlie carlotta lotte
  caroline carol carrie carolina karoline lina karolina
  dolores lola
  guadalupe lupe
  ignacio nacho ignatius ignaz
  jesus chuy
  natalia natalie natasha nathalie
  olga olya
  tatiana tanya tania
  vladimir vova volodymyr wladimir
  dmitri dima dimitri dmitry dmytro
  sergei sergey serge sergio
  aleksei alexey alexei alyosha
  jacob jake jakob jacobus jakub james jacques jacopo
  kurt konrad conrad curt
  wolfgang wolf
  sebastian seb bastian basti
  maximilian max maxi
  maxwell max
  hildegard hilde
  gertrude trudy gertrud
  friederike rike
  ulrich uli
  ursula uschi ulla
`;

const FULL_NAMES: readonly string[] = GROUPS.trim()
  .split('\n')
  .map((line) => line.trim().split(' ')[0] ?? '');

const GROUPS_OF: ReadonlyMap<string, ReadonlySet<number>> = groupsOf(GROUPS);

/** Whether two first names (folded, one word each) may be one person's: the same, or one a nickname or foreign form of the other. */
export function areNicknames(a: string, b: string): boolean {
  if (a === b) return true;
  const [groups, others] = [GROUPS_OF.get(spelled(a)), GROUPS_OF.get(spelled(b))];
  if (groups === undefined || others === undefined) return false;
  for (const group of groups) if (others.has(group)) return true;
  return false;
}

/**
 * The full names that a first name may be short for, two at most; the name itself where none is known. What two of a group have in
 * common is the same full name.
 */
export function fullNamesOf(name: string): readonly string[] {
  const groups = [...(GROUPS_OF.get(spelled(name)) ?? [])].slice(0, FULL_NAMES_MAX);
  return groups.length === 0 ? [name] : groups.map((group) => FULL_NAMES[group] ?? name);
}

const FULL_NAMES_MAX = 2;

/** `Peggie`, `Peggey` and `Peggy` are one. */
function spelled(name: string): string {
  return name.replace(/(?:ie|ey)$/, 'y');
}

function groupsOf(text: string): ReadonlyMap<string, ReadonlySet<number>> {
  const groups = new Map<string, Set<number>>();
  for (const [index, line] of text.trim().split('\n').entries()) {
    for (const name of line.trim().split(' ')) {
      const known = groups.get(spelled(name)) ?? new Set<number>();
      groups.set(spelled(name), known);
      known.add(index);
    }
  }
  return groups;
}
