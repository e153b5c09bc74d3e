//! Single values, mappings and manifests.
#![no_main]

use registers::values::{clean, codes, date, email, language, phone};
use registers::{Manifest, Mapping};

libfuzzer_sys::fuzz_target!(init: registers_fuzz::warm_up(), |text: &str| {
    if let Ok(cleaned) = clean::clean(text) {
        assert_eq!(clean::clean(&cleaned).as_deref(), Ok(cleaned.as_ref()));
    }
    if let Ok(number) = phone::read(text, Some("KE")) {
        assert_eq!(phone::read(&number.e164, Some("JO")).ok().map(|n| n.e164), Some(number.e164));
    }
    if let Some(address) = email::normal(text) {
        assert_eq!(email::normal(&address), Some(address));
    }
    let mut languages = language::Languages::default();
    if let Some(tag) = languages.canonical(text) {
        assert_eq!(languages.canonical(&tag), Some(tag));
    }
    let _ = (date::parse(text, &date::DateRules::default()), codes::need(text), codes::answer(text));
    let _ = (Manifest::parse(text), Mapping::parse(text));
    let _ = registers::mapping::draft(&text.split(' ').collect::<Vec<_>>());
});
