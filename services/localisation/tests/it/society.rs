//! What people write by hand and every notice repeats is looked at when they write it.

use domain::society::Offer;
use domain::{Channel, Level};

use crate::support::{facts, library, society};

/// The field that is refused, and that the message keeps the value to itself.
fn refused(change: impl Fn(&mut domain::society::Society), value: &str) -> String {
    let mut society = society();
    change(&mut society);
    let fault = library().check_society(&society).expect_err(value);
    assert!(value.is_empty() || !fault.to_string().contains(value), "{fault}");
    assert!(fault.to_string().starts_with(&fault.field), "{fault}");
    fault.field
}

#[test]
fn no_entry_of_a_society_shows_what_a_notice_is_about() {
    for telling in [
        "Tracing and detention office",
        "Missing Persons Desk",
        "Restoring Family Links",
        "Refugee Help, Exampletown",
        "Child protection",
        "Centre for Survivors of Violence",
        "Prison visits",
    ] {
        let own = || telling.to_owned();
        assert_eq!(refused(|s| s.office = own(), telling), "office");
        assert_eq!(refused(|s| s.hotline.published_at = own(), telling), "hotline.published_at");
        assert_eq!(refused(|s| s.return_address = vec!["Box 1".to_owned(), own()], telling), "return_address[2]");
        assert_eq!(refused(|s| drop(s.name.insert("en".to_owned(), own())), telling), "name.en");
        let mut facts = facts();
        facts.data_protection_contact = own();
        assert_eq!(library().check_facts(&facts).expect_err(telling).field, "data_protection_contact");
        assert_eq!(library().check_label(telling).expect_err(telling).field, "code_name");
    }
    assert_eq!(refused(|s| s.sender = "TRACING".to_owned(), "TRACING"), "sender");
    // in the languages of the Society's own name too
    for (language, telling) in [
        ("fr", "Service de recherche des disparus"),
        ("ar", "مكتب البحث عن المفقودين"),
        ("uk", "Бюро розшуку"),
        ("am", "የጠፉ የቤተሰብ አባላት"),
        ("my", "မိသားစု ရုံး"),
    ] {
        let name = |s: &mut domain::society::Society| drop(s.name.insert(language.to_owned(), telling.to_owned()));
        assert_eq!(refused(name, telling), format!("name.{language}"));
        let office = |s: &mut domain::society::Society| {
            s.name.insert(language.to_owned(), "Exampleland".to_owned());
            s.office = telling.to_owned();
        };
        assert_eq!(refused(office, telling), "office");
    }
}

#[test]
fn usual_names_and_offices_pass() {
    let mut society = society();
    for (language, name) in [
        ("en", "Kenya Red Cross Society"),
        ("fr", "Croix-Rouge du Mali"),
        ("es", "Cruz Roja Colombiana"),
        ("pt-PT", "Cruz Vermelha de Moçambique"),
        ("ar", "الهلال الأحمر العربي السوري"),
        ("fa-AF", "جمعیت هلال احمر افغانی"),
        ("ps", "افغاني سره میاشت"),
        ("so", "Bisha Cas ee Soomaaliyeed"),
        ("uk", "Товариство Червоного Хреста України"),
        ("ru", "Российский Красный Крест"),
        ("am", "የኢትዮጵያ ቀይ መስቀል ማኅበር"),
        ("my", "မြန်မာနိုင်ငံ ကြက်ခြေနီအသင်း"),
        ("bn", "বাংলাদেশ রেড ক্রিসেন্ট সোসাইটি"),
        ("sw", "Shirika la Msalaba Mwekundu"),
    ] {
        society.name.insert(language.to_owned(), name.to_owned());
    }
    for address in ["P.O. Box 40712, Volta Road", "Avenue de la Paix 19", "Satellite Street 3", "Hatillo", "Ibadan"] {
        society.return_address = vec![address.to_owned()];
        society.office = address.to_owned();
        assert_eq!(library().check_society(&society), Ok(()), "{address}");
    }
    assert_eq!(library().check_facts(&facts()), Ok(()));
    for label in ["Blue Door", "the library", "Mama Asha's shop", "المكتبة"] {
        assert_eq!(library().check_label(label), Ok(()), "{label}");
    }
}

#[test]
fn what_a_notice_would_refuse_is_refused_when_it_is_written() {
    assert_eq!(refused(|s| s.office = "a\u{202E}b".to_owned(), "\u{202E}"), "office");
    assert_eq!(
        refused(|s| s.return_address[0] = "office@example.org".to_owned(), "office@example.org"),
        "return_address[1]"
    );
    assert_eq!(refused(|s| s.hotline.number = "call me".to_owned(), "call me"), "hotline.number");
    assert_eq!(refused(|s| s.hotline.hours.clear(), ""), "hotline.hours");
    assert_eq!(refused(|s| s.hotline.hours[1].language = "no tag".to_owned(), "no tag"), "hotline.hours[2].language");
    assert_eq!(refused(|s| drop(s.name.insert("no tag".to_owned(), "X".to_owned())), ""), "name.no tag");
}

#[test]
fn an_offer_below_the_words_of_its_channel_is_refused() {
    for &channel in Channel::ALL {
        for &most in Level::ALL {
            let offer =
                Offer { channel, languages: Vec::new(), up_to: Some(most), child_protection: false, per_minute: None };
            let mut society = society();
            society.offers = vec![offer];
            let words = domain::Audience::ALL.iter().any(|audience| {
                localisation::audience::levels(*audience, channel).iter().any(|l| (Level::L2..=most).contains(l))
            });
            match library().check_society(&society) {
                Ok(()) => assert!(words, "{channel} up to {most} has no words"),
                Err(fault) => {
                    assert!(!words, "{channel} up to {most} has words: {fault}");
                    assert_eq!(fault.field, "offers[1].up_to");
                }
            }
        }
    }
}
