//! Countries as ISO 3166-1 alpha-2.

use std::sync::LazyLock;

/// Alpha-2 code of a country given as alpha-2, alpha-3 or English short name.
#[must_use]
pub fn alpha2(raw: &str) -> Option<&'static str> {
    let text = raw.trim();
    let found = match *text.as_bytes() {
        [first, second] => place(first, second).and_then(|at| ALPHA2[at]),
        [_, _, _] => CODES.split_ascii_whitespace().find(|c| c[2..].eq_ignore_ascii_case(text)).map(|c| &c[..2]),
        _ => None,
    };
    if found.is_some() {
        return found;
    }
    let lower = text.to_lowercase();
    NAMES.lines().find_map(|line| line.split_once('|').filter(|(name, _)| *name == lower)).map(|(_, code)| code)
}

/// Alpha-2 codes by their two letters: every row of a file names a country or several.
static ALPHA2: LazyLock<[Option<&'static str>; 26 * 26]> = LazyLock::new(|| {
    let mut table = [None; 26 * 26];
    for code in CODES.split_ascii_whitespace().map(|c| &c[..2]) {
        if let [first, second] = *code.as_bytes()
            && let Some(at) = place(first, second)
        {
            table[at] = Some(code);
        }
    }
    table
});

/// Place of two ASCII letters of any case in [`ALPHA2`].
fn place(first: u8, second: u8) -> Option<usize> {
    let at = |letter: u8| letter.is_ascii_alphabetic().then(|| usize::from(letter.to_ascii_uppercase() - b'A'));
    Some(at(first)? * 26 + at(second)?)
}

/// Alpha-2 and alpha-3 of each country, and Kosovo's user-assigned code.
const CODES: &str = "\
ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE \
BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS \
BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN \
COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST \
EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF \
GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD \
HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM \
JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA \
LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD \
MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM \
NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG \
PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA \
SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD \
STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON \
TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR \
VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE XKXKX";

/// English short names, as the standard has them and as people write them.
const NAMES: &str = "\
afghanistan|AF
albania|AL
algeria|DZ
american samoa|AS
andorra|AD
angola|AO
anguilla|AI
antarctica|AQ
antigua and barbuda|AG
argentina|AR
armenia|AM
aruba|AW
australia|AU
austria|AT
azerbaijan|AZ
bahamas|BS
bahrain|BH
bangladesh|BD
barbados|BB
belarus|BY
belgium|BE
belize|BZ
benin|BJ
bermuda|BM
bhutan|BT
bolivia|BO
bolivia, plurinational state of|BO
bonaire|BQ
bonaire, sint eustatius and saba|BQ
bosnia and herzegovina|BA
botswana|BW
bouvet island|BV
brazil|BR
british indian ocean territory|IO
brunei darussalam|BN
bulgaria|BG
burkina faso|BF
burundi|BI
cabo verde|CV
cambodia|KH
cameroon|CM
canada|CA
cayman islands|KY
central african republic|CF
chad|TD
chile|CL
china|CN
christmas island|CX
cocos (keeling) islands|CC
colombia|CO
comoros|KM
congo|CD
congo|CG
congo, the democratic republic of the|CD
cook islands|CK
costa rica|CR
croatia|HR
cuba|CU
curaçao|CW
cyprus|CY
czechia|CZ
côte d'ivoire|CI
denmark|DK
djibouti|DJ
dominica|DM
dominican republic|DO
ecuador|EC
egypt|EG
el salvador|SV
equatorial guinea|GQ
eritrea|ER
estonia|EE
eswatini|SZ
ethiopia|ET
falkland islands (malvinas)|FK
faroe islands|FO
fiji|FJ
finland|FI
france|FR
french guiana|GF
french polynesia|PF
french southern territories|TF
gabon|GA
gambia|GM
georgia|GE
germany|DE
ghana|GH
gibraltar|GI
greece|GR
greenland|GL
grenada|GD
guadeloupe|GP
guam|GU
guatemala|GT
guernsey|GG
guinea|GN
guinea-bissau|GW
guyana|GY
haiti|HT
heard island and mcdonald islands|HM
holy see (vatican city state)|VA
honduras|HN
hong kong|HK
hungary|HU
iceland|IS
india|IN
indonesia|ID
iran|IR
iran, islamic republic of|IR
iraq|IQ
ireland|IE
isle of man|IM
israel|IL
italy|IT
jamaica|JM
japan|JP
jersey|JE
jordan|JO
kazakhstan|KZ
kenya|KE
kiribati|KI
korea|KP
korea|KR
korea, democratic people's republic of|KP
korea, republic of|KR
kuwait|KW
kyrgyzstan|KG
lao people's democratic republic|LA
laos|LA
latvia|LV
lebanon|LB
lesotho|LS
liberia|LR
libya|LY
liechtenstein|LI
lithuania|LT
luxembourg|LU
macao|MO
madagascar|MG
malawi|MW
malaysia|MY
maldives|MV
mali|ML
malta|MT
marshall islands|MH
martinique|MQ
mauritania|MR
mauritius|MU
mayotte|YT
mexico|MX
micronesia|FM
micronesia, federated states of|FM
moldova|MD
moldova, republic of|MD
monaco|MC
mongolia|MN
montenegro|ME
montserrat|MS
morocco|MA
mozambique|MZ
myanmar|MM
namibia|NA
nauru|NR
nepal|NP
netherlands|NL
new caledonia|NC
new zealand|NZ
nicaragua|NI
niger|NE
nigeria|NG
niue|NU
norfolk island|NF
north korea|KP
north macedonia|MK
northern mariana islands|MP
norway|NO
oman|OM
pakistan|PK
palau|PW
palestine|PS
palestine, state of|PS
panama|PA
papua new guinea|PG
paraguay|PY
peru|PE
philippines|PH
pitcairn|PN
poland|PL
portugal|PT
puerto rico|PR
qatar|QA
romania|RO
russian federation|RU
rwanda|RW
réunion|RE
saint barthélemy|BL
saint helena|SH
saint helena, ascension and tristan da cunha|SH
saint kitts and nevis|KN
saint lucia|LC
saint martin (french part)|MF
saint pierre and miquelon|PM
saint vincent and the grenadines|VC
samoa|WS
san marino|SM
sao tome and principe|ST
saudi arabia|SA
senegal|SN
serbia|RS
seychelles|SC
sierra leone|SL
singapore|SG
sint maarten (dutch part)|SX
slovakia|SK
slovenia|SI
solomon islands|SB
somalia|SO
south africa|ZA
south georgia and the south sandwich islands|GS
south korea|KR
south sudan|SS
spain|ES
sri lanka|LK
sudan|SD
suriname|SR
svalbard and jan mayen|SJ
sweden|SE
switzerland|CH
syria|SY
syrian arab republic|SY
taiwan|TW
taiwan, province of china|TW
tajikistan|TJ
tanzania|TZ
tanzania, united republic of|TZ
thailand|TH
timor-leste|TL
togo|TG
tokelau|TK
tonga|TO
trinidad and tobago|TT
tunisia|TN
turkmenistan|TM
turks and caicos islands|TC
tuvalu|TV
türkiye|TR
uganda|UG
ukraine|UA
united arab emirates|AE
united kingdom|GB
united states|US
united states minor outlying islands|UM
uruguay|UY
uzbekistan|UZ
vanuatu|VU
venezuela|VE
venezuela, bolivarian republic of|VE
viet nam|VN
vietnam|VN
virgin islands|VG
virgin islands|VI
virgin islands, british|VG
virgin islands, u.s.|VI
wallis and futuna|WF
western sahara|EH
yemen|YE
zambia|ZM
zimbabwe|ZW
åland islands|AX
burma|MM
dr congo|CD
drc|CD
great britain|GB
iran|IR
ivory coast|CI
kosovo|XK
laos|LA
north korea|KP
russia|RU
south korea|KR
syria|SY
tanzania|TZ
turkey|TR
uk|GB
usa|US
";

#[cfg(test)]
mod tests {
    use super::alpha2;

    #[test]
    fn codes_and_names() {
        for (raw, wanted) in [
            ("KE", "KE"),
            ("ke", "KE"),
            ("KEN", "KE"),
            ("Kenya", "KE"),
            (" Syria ", "SY"),
            ("XK", "XK"),
            ("Côte d'Ivoire", "CI"),
            ("DRC", "CD"),
            ("UK", "GB"),
        ] {
            assert_eq!(alpha2(raw), Some(wanted), "{raw}");
        }
        for wrong in ["", "ZZ", "XXX", "Atlantis", "K"] {
            assert_eq!(alpha2(wrong), None);
        }
    }
}
