//! The invented world: countries with their phone plans and towns, the Societies in them, the incident.

use std::collections::BTreeMap;

use domain::incident::{Certainty, DataCategory, Exposed, IncidentFacts, IncidentKind, Measure};
use domain::society::{Context, Hotline, HotlineHours, Offer, RiskTier, Society};
use domain::{Channel, Level, SocietyCode};
use jiff::ToSpan;
use jiff::civil::{Date, time};

use super::SynthOptions;
use super::names::{CULTURES, Culture};

/// A country: where people are, or come from.
pub(super) struct Country {
    pub(super) code: &'static str,
    name: &'static str,
    /// Calling code, first digits of a mobile number, digits that follow.
    dial: (&'static str, &'static str, u32),
    zone: &'static str,
    culture: usize,
    /// Towns: own script, Latin.
    pub(super) towns: [(&'static str, &'static str); 4],
    /// Refugees here come from these countries.
    pub(super) origins: &'static [&'static str],
}

impl Country {
    pub(super) fn culture(&self) -> &'static Culture {
        CULTURES[self.culture]
    }

    /// An E.164 mobile number; different serials give different numbers (up to ten million of them).
    pub(super) fn phone(&self, serial: u64) -> String {
        let (calling, prefix, digits) = self.dial;
        let space = 10u64.pow(digits);
        // 7,368,787 is coprime to every power of ten: a permutation, so that neighbours do not look alike.
        let tail = serial.wrapping_mul(7_368_787) % space;
        format!("+{calling}{prefix}{tail:0width$}", width = digits as usize)
    }
}

/// Index of a country in the table; the first one for an unknown code.
pub(super) fn country(code: &str) -> &'static Country {
    COUNTRIES.iter().find(|c| c.code == code).unwrap_or(&COUNTRIES[0])
}

macro_rules! countries {
    ($($code:literal $name:literal $dial:expr, $zone:literal, $culture:literal, [$($native:literal $latin:literal),+], $origins:expr;)+) => {
        static COUNTRIES: &[Country] = &[$(Country {
            code: $code, name: $name, dial: $dial, zone: $zone, culture: $culture,
            towns: [$(($native, $latin)),+], origins: &$origins,
        }),+];
    };
}

// Societies are made from the top of this table down; the rest are countries that people come from.
countries! {
    "KE" "Kenya" ("254", "72", 7), "Africa/Nairobi", 0, ["Nairobi" "Nairobi", "Garissa" "Garissa", "Kisumu" "Kisumu", "Mombasa" "Mombasa"], ["SO", "SD", "ET"];
    "JO" "Jordan" ("962", "79", 7), "Asia/Amman", 1, ["عمّان" "Amman", "إربد" "Irbid", "المفرق" "Mafraq", "الزرقاء" "Zarqa"], ["SY", "IQ", "SD"];
    "UA" "Ukraine" ("380", "67", 7), "Europe/Kyiv", 2, ["Харків" "Kharkiv", "Дніпро" "Dnipro", "Одеса" "Odesa", "Львів" "Lviv"], ["SY"];
    "BD" "Bangladesh" ("880", "171", 7), "Asia/Dhaka", 3, ["ঢাকা" "Dhaka", "চট্টগ্রাম" "Chattogram", "কক্সবাজার" "Cox's Bazar", "সিলেট" "Sylhet"], ["MM"];
    "MM" "Myanmar" ("95", "925", 7), "Asia/Yangon", 4, ["ရန်ကုန်" "Yangon", "မန္တလေး" "Mandalay", "စစ်တွေ" "Sittwe", "မြစ်ကြီးနား" "Myitkyina"], ["BD"];
    "ET" "Ethiopia" ("251", "91", 7), "Africa/Addis_Ababa", 5, ["አዲስ አበባ" "Addis Ababa", "መቐለ" "Mekelle", "ጎንደር" "Gondar", "ጅማ" "Jimma"], ["SO", "SD"];
    "MY" "Malaysia" ("60", "12", 7), "Asia/Kuala_Lumpur", 6, ["吉隆坡" "Kuala Lumpur", "槟城" "Penang", "怡保" "Ipoh", "新山" "Johor Bahru"], ["MM", "SY"];
    "LB" "Lebanon" ("961", "71", 6), "Asia/Beirut", 1, ["بيروت" "Beirut", "طرابلس" "Tripoli", "صيدا" "Saida", "زحلة" "Zahle"], ["SY", "IQ"];
    "TZ" "Tanzania" ("255", "754", 6), "Africa/Dar_es_Salaam", 0, ["Dodoma" "Dodoma", "Kigoma" "Kigoma", "Mwanza" "Mwanza", "Arusha" "Arusha"], ["SO"];
    "PL" "Poland" ("48", "60", 7), "Europe/Warsaw", 2, ["Warszawa" "Warsaw", "Lublin" "Lublin", "Rzeszów" "Rzeszow", "Kraków" "Krakow"], ["UA", "SY"];
    "UG" "Uganda" ("256", "77", 7), "Africa/Kampala", 0, ["Kampala" "Kampala", "Gulu" "Gulu", "Arua" "Arua", "Mbarara" "Mbarara"], ["SO", "SD"];
    "IQ" "Iraq" ("964", "770", 7), "Asia/Baghdad", 1, ["بغداد" "Baghdad", "الموصل" "Mosul", "البصرة" "Basra", "كركوك" "Kirkuk"], ["SY"];
    "SG" "Singapore" ("65", "91", 6), "Asia/Singapore", 6, ["新加坡" "Singapore", "裕廊" "Jurong", "淡滨尼" "Tampines", "兀兰" "Woodlands"], ["MM"];
    "MD" "Moldova" ("373", "69", 6), "Europe/Chisinau", 2, ["Кишинів" "Chisinau", "Бєльці" "Balti", "Кагул" "Cahul", "Оргіїв" "Orhei"], ["UA"];
    "IN" "India" ("91", "943", 7), "Asia/Kolkata", 3, ["কলকাতা" "Kolkata", "শিলিগুড়ি" "Siliguri", "হাওড়া" "Howrah", "দুর্গাপুর" "Durgapur"], ["BD", "MM"];
    "EG" "Egypt" ("20", "100", 7), "Africa/Cairo", 1, ["القاهرة" "Cairo", "الإسكندرية" "Alexandria", "أسوان" "Aswan", "الجيزة" "Giza"], ["SD", "SY"];
    "TH" "Thailand" ("66", "81", 7), "Asia/Bangkok", 4, ["မဲဆောက်" "Mae Sot", "ဘန်ကောက်" "Bangkok", "ချင်းမိုင်" "Chiang Mai", "ရနောင်း" "Ranong"], ["MM"];
    "SY" "Syria" ("963", "93", 7), "Asia/Damascus", 1, ["حلب" "Aleppo", "دمشق" "Damascus", "حمص" "Homs", "درعا" "Daraa"], ["IQ"];
    "SD" "Sudan" ("249", "91", 7), "Africa/Khartoum", 1, ["الخرطوم" "Khartoum", "نيالا" "Nyala", "الفاشر" "El Fasher", "كسلا" "Kassala"], ["ET"];
    "SO" "Somalia" ("252", "61", 7), "Africa/Mogadishu", 0, ["Muqdisho" "Mogadishu", "Kismaayo" "Kismayo", "Baydhabo" "Baidoa", "Hargeysa" "Hargeisa"], ["ET"];
}

/// Number of Societies that the table can make, beside the ICRC.
pub(super) const MOST_SOCIETIES: usize = 17;

/// Source systems of a Society, by their place among its registers.
pub(super) const SYSTEMS: [&str; 5] = ["rfl", "aid", "cp", "people", "transit"];
/// Tracing register.
pub(super) const RFL: usize = 0;
/// Register of other services.
pub(super) const AID: usize = 1;
/// Child-protection register.
pub(super) const CP: usize = 2;
/// Staff, volunteers and partner offices, from the login service.
pub(super) const PEOPLE: usize = 3;
/// A register that nobody has assessed.
pub(super) const TRANSIT: usize = 4;

/// The countries of the Societies made, in order.
pub(super) fn hosts(options: &SynthOptions) -> &'static [Country] {
    &COUNTRIES[..options.societies.clamp(1, MOST_SOCIETIES)]
}

/// The Societies, the ICRC last.
pub(super) fn societies(options: &SynthOptions) -> Vec<Society> {
    let hosts = hosts(options);
    let mut all: Vec<_> = hosts.iter().enumerate().filter_map(|(at, host)| national(host, at, options.now)).collect();
    all.extend(icrc(hosts, options.now));
    all
}

fn national(host: &Country, at: usize, now: Date) -> Option<Society> {
    let spoken = languages_of(host);
    let mut contexts = Vec::new();
    for system in ["rfl", "aid", "cp", "people"] {
        contexts.push(context(system, host.code, tier_of(at), now, true));
        // People registered here who are now in another country: strict.
        contexts.push(context(system, "*", RiskTier::High, now, true));
    }
    for assessed in &mut contexts {
        assessed.low_literacy = at % 4 == 3;
        assessed.high_fraud = at.is_multiple_of(4);
        assessed.majority = (host.code == "SG").then_some(21);
    }
    // Signed by one person only: no assessment, whatever it says.
    contexts.push(context("transit", host.code, RiskTier::Standard, now, false));
    Some(Society {
        code: host.code.parse().ok()?,
        name: name(&format!("Synthetic Red Cross Red Crescent Society of {}", host.name)),
        sender: format!("RCRC {}", host.code),
        time_zone: host.zone.to_owned(),
        return_address: vec![format!("P.O. Box 100{at}"), host.towns[0].1.to_owned()],
        office: format!("{} office (synthetic)", host.towns[0].1),
        hotline: hotline(&host.phone(9_000_000), host.towns[0].1, &spoken),
        offers: offers(&spoken, at % 3 == 1),
        detention_access: at % 3 == 1,
        credit: 500,
        contexts,
        synthetic: true,
    })
}

fn icrc(hosts: &[Country], now: Date) -> Option<Society> {
    let mut spoken: Vec<String> = hosts.iter().flat_map(languages_of).collect();
    spoken.sort();
    spoken.dedup();
    Some(Society {
        code: "ICRC".parse::<SocietyCode>().ok()?,
        name: name("Synthetic International Committee"),
        sender: "RCRC Geneva".to_owned(),
        time_zone: "Europe/Zurich".to_owned(),
        return_address: vec!["P.O. Box 1000".to_owned(), "Geneva".to_owned()],
        office: "Delegation office (synthetic)".to_owned(),
        hotline: hotline("+41800000000", "Geneva", &spoken),
        offers: offers(&spoken, true),
        detention_access: true,
        credit: 500,
        contexts: ["rfl", "aid", "cp", "people"].map(|system| context(system, "*", RiskTier::High, now, true)).to_vec(),
        synthetic: true,
    })
}

/// Two in three Societies work in a standard context.
const fn tier_of(at: usize) -> RiskTier {
    if at % 3 == 1 { RiskTier::High } else { RiskTier::Standard }
}

fn context(system: &str, country: &str, tier: RiskTier, now: Date, signed: bool) -> Context {
    let mut by = vec!["Drill assessor one".to_owned()];
    if signed {
        by.push("Drill assessor two".to_owned());
    }
    Context {
        system: system.to_owned(),
        country: country.to_owned(),
        tier,
        assessed_on: now.saturating_sub(20.days()),
        assessed_by: by,
        low_literacy: false,
        high_fraud: false,
        majority: None,
        origin_countries: Vec::new(),
    }
}

fn languages_of(host: &Country) -> Vec<String> {
    let mut spoken: Vec<String> = Vec::new();
    let own = host.culture().languages.iter();
    let origins = host.origins.iter().flat_map(|code| country(code).culture().languages);
    for tag in own.chain(origins).chain(&["en"]) {
        if !spoken.iter().any(|s| s == tag) {
            spoken.push((*tag).to_owned());
        }
    }
    spoken
}

fn name(english: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("en".to_owned(), english.to_owned())])
}

fn hotline(number: &str, town: &str, spoken: &[String]) -> Hotline {
    Hotline {
        messages_per_call: None,
        number: number.to_owned(),
        free_of_charge: true,
        published_at: format!("every office and service point, {town}"),
        hours: spoken
            .iter()
            .map(|language| HotlineHours {
                language: language.clone(),
                opens: time(8, 0, 0, 0),
                closes: time(20, 0, 0, 0),
                calls_per_hour: 1_000,
            })
            .collect(),
    }
}

fn offers(spoken: &[String], visits: bool) -> Vec<Offer> {
    let offer = |channel, languages: &[String], per_minute| Offer {
        channel,
        languages: languages.to_vec(),
        up_to: None,
        child_protection: matches!(channel, Channel::Caseworker | Channel::FieldVisit),
        per_minute,
    };
    let mut all = vec![
        offer(Channel::Sms, &[], Some(60_000)),
        offer(Channel::App, &[], Some(60_000)),
        offer(Channel::Email, &[], Some(60_000)),
        offer(Channel::Ivr, &spoken[..spoken.len().min(2)], Some(6_000)),
        offer(Channel::CallLive, spoken, Some(3_000)),
        offer(Channel::Post, &[], Some(6_000)),
        offer(Channel::Caseworker, spoken, None),
        Offer { up_to: Some(Level::L3), ..offer(Channel::FieldVisit, spoken, None) },
    ];
    if visits {
        all.push(Offer { child_protection: true, ..offer(Channel::VisitDetention, spoken, None) });
    }
    all
}

/// What happened, in the drill.
pub(super) fn incident(now: Date) -> IncidentFacts {
    let confirmed = |category| Exposed { category, certainty: Certainty::Confirmed };
    let possible = |category| Exposed { category, certainty: Certainty::Possible };
    IncidentFacts {
        name: "Drill: intrusion into the hosted Family Links servers".to_owned(),
        kind: IncidentKind::Synthetic,
        version: 1,
        as_of: now,
        started_on: now.saturating_sub(83.days()),
        discovered_on: now.saturating_sub(13.days()),
        ended_on: Some(now.saturating_sub(13.days())),
        exposed: vec![
            confirmed(DataCategory::Name),
            confirmed(DataCategory::Contact),
            confirmed(DataCategory::Birth),
            possible(DataCategory::Family),
            possible(DataCategory::Case),
            possible(DataCategory::Documents),
            confirmed(DataCategory::Credentials),
        ],
        measures: vec![Measure::Offline, Measure::PasswordsReset, Measure::Monitoring],
        data_published: false,
        data_protection_contact: "Data protection office (synthetic), Geneva".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::COUNTRIES;
    use crate::values::phone;

    #[test]
    fn every_countrys_numbers_are_numbers_of_that_country() {
        for country in COUNTRIES {
            for serial in (0..40_000).step_by(97) {
                let number = country.phone(serial);
                let read = phone::read(&number, None).unwrap_or_else(|why| panic!("{}: {number}: {why}", country.code));
                assert_eq!((read.e164.as_str(), read.country), (number.as_str(), Some(country.code)));
            }
        }
    }
}
