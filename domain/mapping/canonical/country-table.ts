/**
 * The countries and territories of ISO 3166-1, and Kosovo under the code it is given in practice: alpha-2, alpha-3, the English name in everyday use, then other names they
 * go by in address fields, their own among them. One line each; names are compared without case, accents and punctuation.
 * "Congo" alone is left out: two countries are called so.
 */
export const COUNTRY_TABLE = `
AD|AND|Andorra
AE|ARE|United Arab Emirates|UAE|U.A.E.|Emirates|الإمارات العربية المتحدة
AF|AFG|Afghanistan
AG|ATG|Antigua and Barbuda
AI|AIA|Anguilla
AL|ALB|Albania|Shqipëria
AM|ARM|Armenia
AO|AGO|Angola
AQ|ATA|Antarctica
AR|ARG|Argentina|Argentine Republic
AS|ASM|American Samoa
AT|AUT|Austria|Österreich|Oesterreich
AU|AUS|Australia
AW|ABW|Aruba
AX|ALA|Åland Islands|Aland
AZ|AZE|Azerbaijan
BA|BIH|Bosnia and Herzegovina|Bosnia|Bosna i Hercegovina
BB|BRB|Barbados
BD|BGD|Bangladesh
BE|BEL|Belgium|België|Belgique|Belgien
BF|BFA|Burkina Faso
BG|BGR|Bulgaria|България
BH|BHR|Bahrain
BI|BDI|Burundi
BJ|BEN|Benin
BL|BLM|Saint Barthélemy|St. Barthélemy|St. Barts
BM|BMU|Bermuda
BN|BRN|Brunei|Brunei Darussalam
BO|BOL|Bolivia|Bolivia, Plurinational State of
BQ|BES|Caribbean Netherlands|Bonaire, Sint Eustatius and Saba|Bonaire
BR|BRA|Brazil|Brasil
BS|BHS|Bahamas|The Bahamas
BT|BTN|Bhutan
BV|BVT|Bouvet Island
BW|BWA|Botswana
BY|BLR|Belarus|Беларусь
BZ|BLZ|Belize
CA|CAN|Canada
CC|CCK|Cocos (Keeling) Islands|Cocos Islands|Keeling Islands
CD|COD|Democratic Republic of the Congo|Congo, the Democratic Republic of the|Congo (Kinshasa)|Congo-Kinshasa|DR Congo|DRC
CF|CAF|Central African Republic
CG|COG|Republic of the Congo|Congo (Brazzaville)|Congo-Brazzaville
CH|CHE|Switzerland|Schweiz|Suisse|Svizzera|Swiss Confederation
CI|CIV|Côte d'Ivoire|Ivory Coast
CK|COK|Cook Islands
CL|CHL|Chile
CM|CMR|Cameroon|Cameroun
CN|CHN|China|People's Republic of China|PR China|P.R. China|PRC|Mainland China|中国|中华人民共和国
CO|COL|Colombia
CR|CRI|Costa Rica
CU|CUB|Cuba
CV|CPV|Cape Verde|Cabo Verde
CW|CUW|Curaçao
CX|CXR|Christmas Island
CY|CYP|Cyprus|Κύπρος
CZ|CZE|Czechia|Czech Republic|Česko|Česká republika
DE|DEU|Germany|Deutschland|Federal Republic of Germany|Bundesrepublik Deutschland|Allemagne
DJ|DJI|Djibouti
DK|DNK|Denmark|Danmark
DM|DMA|Dominica
DO|DOM|Dominican Republic|República Dominicana
DZ|DZA|Algeria|Algérie
EC|ECU|Ecuador
EE|EST|Estonia|Eesti
EG|EGY|Egypt|مصر
EH|ESH|Western Sahara
ER|ERI|Eritrea
ES|ESP|Spain|España|Espana|Kingdom of Spain
ET|ETH|Ethiopia
FI|FIN|Finland|Suomi
FJ|FJI|Fiji
FK|FLK|Falkland Islands|Falkland Islands (Malvinas)
FM|FSM|Micronesia|Micronesia, Federated States of|Federated States of Micronesia
FO|FRO|Faroe Islands|Faeroe Islands
FR|FRA|France|République française|French Republic|Frankreich
GA|GAB|Gabon
GB|GBR|United Kingdom|UK|U.K.|Great Britain|Britain|United Kingdom of Great Britain and Northern Ireland|England|Scotland|Wales|Northern Ireland
GD|GRD|Grenada
GE|GEO|Georgia|Republic of Georgia
GF|GUF|French Guiana
GG|GGY|Guernsey
GH|GHA|Ghana
GI|GIB|Gibraltar
GL|GRL|Greenland
GM|GMB|Gambia|The Gambia|Republic of The Gambia
GN|GIN|Guinea
GP|GLP|Guadeloupe
GQ|GNQ|Equatorial Guinea
GR|GRC|Greece|Hellas|Hellenic Republic|Ελλάδα|EL
GS|SGS|South Georgia and the South Sandwich Islands
GT|GTM|Guatemala
GU|GUM|Guam
GW|GNB|Guinea-Bissau
GY|GUY|Guyana
HK|HKG|Hong Kong|Hong Kong SAR|Hong Kong SAR China|Hong Kong, China|香港
HM|HMD|Heard Island and McDonald Islands
HN|HND|Honduras
HR|HRV|Croatia|Hrvatska
HT|HTI|Haiti|Haïti
HU|HUN|Hungary|Magyarország
ID|IDN|Indonesia
IE|IRL|Ireland|Republic of Ireland|Éire|Eire
IL|ISR|Israel|ישראל
IM|IMN|Isle of Man
IN|IND|India|Bharat|भारत
IO|IOT|British Indian Ocean Territory
IQ|IRQ|Iraq
IR|IRN|Iran|Iran, Islamic Republic of|Islamic Republic of Iran
IS|ISL|Iceland|Ísland
IT|ITA|Italy|Italia|Italien
JE|JEY|Jersey
JM|JAM|Jamaica
JO|JOR|Jordan
JP|JPN|Japan|Nippon|日本|日本国
KE|KEN|Kenya
KG|KGZ|Kyrgyzstan|Kyrgyz Republic
KH|KHM|Cambodia
KI|KIR|Kiribati
KM|COM|Comoros
KN|KNA|Saint Kitts and Nevis|St. Kitts and Nevis
KP|PRK|North Korea|Korea, Democratic People's Republic of|DPRK
KR|KOR|South Korea|Korea, Republic of|Republic of Korea|Korea|Korea, South|한국|대한민국
KW|KWT|Kuwait
KY|CYM|Cayman Islands
KZ|KAZ|Kazakhstan|Казахстан
LA|LAO|Laos|Lao People's Democratic Republic|Lao PDR
LB|LBN|Lebanon|Liban
LC|LCA|Saint Lucia|St. Lucia
LI|LIE|Liechtenstein
LK|LKA|Sri Lanka
LR|LBR|Liberia
LS|LSO|Lesotho
LT|LTU|Lithuania|Lietuva
LU|LUX|Luxembourg|Luxemburg|Lëtzebuerg
LV|LVA|Latvia|Latvija
LY|LBY|Libya|Libyan Arab Jamahiriya
MA|MAR|Morocco|Maroc
MC|MCO|Monaco
MD|MDA|Moldova|Moldova, Republic of|Republic of Moldova
ME|MNE|Montenegro|Crna Gora
MF|MAF|Saint Martin|Saint Martin (French part)|St. Martin
MG|MDG|Madagascar
MH|MHL|Marshall Islands
MK|MKD|North Macedonia|Macedonia|Macedonia, the former Yugoslav Republic of|Republic of North Macedonia|FYROM
ML|MLI|Mali
MM|MMR|Myanmar|Burma|Myanmar (Burma)
MN|MNG|Mongolia
MO|MAC|Macao|Macau|Macau SAR|Macao SAR China
MP|MNP|Northern Mariana Islands
MQ|MTQ|Martinique
MR|MRT|Mauritania
MS|MSR|Montserrat
MT|MLT|Malta
MU|MUS|Mauritius|Maurice
MV|MDV|Maldives
MW|MWI|Malawi
MX|MEX|Mexico|México|Mejico|United Mexican States
MY|MYS|Malaysia
MZ|MOZ|Mozambique|Moçambique
NA|NAM|Namibia
NC|NCL|New Caledonia|Nouvelle-Calédonie
NE|NER|Niger
NF|NFK|Norfolk Island
NG|NGA|Nigeria
NI|NIC|Nicaragua
NL|NLD|Netherlands|Kingdom of the Netherlands|Netherlands (Kingdom of the)|The Netherlands|Holland|Nederland|Niederlande|Pays-Bas
NO|NOR|Norway|Norge|Noreg
NP|NPL|Nepal
NR|NRU|Nauru
NU|NIU|Niue
NZ|NZL|New Zealand|Aotearoa
OM|OMN|Oman
PA|PAN|Panama|Panamá
PE|PER|Peru|Perú
PF|PYF|French Polynesia
PG|PNG|Papua New Guinea
PH|PHL|Philippines|The Philippines|Pilipinas
PK|PAK|Pakistan
PL|POL|Poland|Polska|Polen
PM|SPM|Saint Pierre and Miquelon|St. Pierre and Miquelon
PN|PCN|Pitcairn Islands|Pitcairn
PR|PRI|Puerto Rico
PS|PSE|Palestine|Palestine, State of|State of Palestine|Palestinian Territory|Palestinian Territories
PT|PRT|Portugal
PW|PLW|Palau
PY|PRY|Paraguay
QA|QAT|Qatar
RE|REU|Réunion
RO|ROU|Romania|România
RS|SRB|Serbia|Srbija|Србија
RU|RUS|Russia|Russian Federation|Россия|Российская Федерация
RW|RWA|Rwanda
SA|SAU|Saudi Arabia|Kingdom of Saudi Arabia|KSA|المملكة العربية السعودية
SB|SLB|Solomon Islands
SC|SYC|Seychelles
SD|SDN|Sudan
SE|SWE|Sweden|Sverige|Schweden
SG|SGP|Singapore
SH|SHN|Saint Helena|Saint Helena, Ascension and Tristan da Cunha|St. Helena
SI|SVN|Slovenia|Slovenija
SJ|SJM|Svalbard and Jan Mayen
SK|SVK|Slovakia|Slovak Republic|Slovensko
SL|SLE|Sierra Leone
SM|SMR|San Marino
SN|SEN|Senegal|Sénégal
SO|SOM|Somalia
SR|SUR|Suriname
SS|SSD|South Sudan
ST|STP|São Tomé and Príncipe|Sao Tome and Principe
SV|SLV|El Salvador
SX|SXM|Sint Maarten|Sint Maarten (Dutch part)
SY|SYR|Syria|Syrian Arab Republic
SZ|SWZ|Eswatini|Swaziland
TC|TCA|Turks and Caicos Islands
TD|TCD|Chad|Tchad
TF|ATF|French Southern Territories
TG|TGO|Togo
TH|THA|Thailand|ประเทศไทย
TJ|TJK|Tajikistan
TK|TKL|Tokelau
TL|TLS|Timor-Leste|East Timor
TM|TKM|Turkmenistan
TN|TUN|Tunisia|Tunisie
TO|TON|Tonga
TR|TUR|Türkiye|Turkey|Turkiye
TT|TTO|Trinidad and Tobago|Trinidad
TV|TUV|Tuvalu
TW|TWN|Taiwan|Taiwan, Province of China|Chinese Taipei|台灣|台湾
TZ|TZA|Tanzania|Tanzania, United Republic of|United Republic of Tanzania
UA|UKR|Ukraine|Україна
UG|UGA|Uganda
UM|UMI|U.S. Outlying Islands|United States Minor Outlying Islands
US|USA|United States|United States of America|U.S.|U.S.A.|America|The United States of America|Estados Unidos|Vereinigte Staaten|États-Unis
UY|URY|Uruguay
UZ|UZB|Uzbekistan
VA|VAT|Vatican City|Holy See|Holy See (Vatican City State)
VC|VCT|Saint Vincent and the Grenadines|St. Vincent and the Grenadines
VE|VEN|Venezuela|Venezuela, Bolivarian Republic of
VG|VGB|British Virgin Islands|Virgin Islands, British|BVI
VI|VIR|U.S. Virgin Islands|Virgin Islands, U.S.|United States Virgin Islands
VN|VNM|Vietnam|Viet Nam|Việt Nam
VU|VUT|Vanuatu
WF|WLF|Wallis and Futuna
WS|WSM|Samoa
XK|XKX|Kosovo|Kosova
YE|YEM|Yemen
YT|MYT|Mayotte
ZA|ZAF|South Africa|Republic of South Africa|RSA
ZM|ZMB|Zambia
ZW|ZWE|Zimbabwe
`;
