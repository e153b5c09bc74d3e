//! What the text messages of a plan come to: segments, counted in the words that would leave, and what they cost.

use std::collections::BTreeMap;

use domain::Channel;
use domain::incident::IncidentFacts;
use domain::notice::Notice;
use domain::society::{Society, SocietyCode};
use localisation::{Library, Tag, sample, sms};
use serde_json::{Value, json};
use store::CampaignRow;

use crate::answer::{grouped, table};
use crate::app::App;
use crate::error::Failure;

/// Steps read at once.
const PAGE: u32 = 20_000;
/// Prices are kept in millionths.
const MICROS: u64 = 1_000_000;

/// The text messages that leave through one Society when everybody's first one does. Two people on one number get one
/// message, so it is the most.
#[derive(Default)]
struct Bill {
    messages: u64,
    segments: u64,
    /// Messages without words, which would not leave.
    wordless: u64,
}

/// Counts a campaign's text messages. `rate`: millionths of a currency unit for a segment.
///
/// # Errors
/// The store or the words cannot be read.
pub(super) async fn estimate(app: &App, campaign: &CampaignRow, rate: Option<u64>) -> Result<(Value, String), Failure> {
    // who exactly gets a message changes nothing about its length
    let mut kinds: BTreeMap<(SocietyCode, Notice, String), u64> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = app.store.first_steps(campaign.id, Channel::Sms, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (_, step) in page {
            let (kind, audience, level, form, channel) =
                (step.kind, step.audience, step.level, step.form, step.channel);
            let notice = Notice { kind, audience, level, form, channel };
            *kinds.entry((step.society, notice, step.language)).or_default() += 1;
        }
    }
    let library = app.library()?;
    let facts = app.incident(campaign.incident).await?.facts;
    let societies = app.store.societies().await?;
    let mut bills: BTreeMap<SocietyCode, Bill> = BTreeMap::new();
    for ((code, notice, language), n) in kinds {
        let society = societies.iter().find(|s| s.code == code);
        let segments = society.and_then(|society| segments(&library, notice, &language, &facts, society));
        let bill = bills.entry(code).or_default();
        match segments {
            Some(each) => {
                bill.messages += n;
                bill.segments += n * u64::from(each);
            }
            None => bill.wordless += n,
        }
    }
    Ok((as_json(&bills, rate), in_words(&bills, rate)))
}

/// Segments of a text message, by the model that counts more.
fn segments(
    library: &Library,
    notice: Notice,
    language: &str,
    facts: &IncidentFacts,
    society: &Society,
) -> Option<u32> {
    let language = Tag::parse(language).ok()?;
    let rendered = library.preview(&sample::request(notice, &language, facts, society)).ok()?;
    rendered.segments_code_point.max(rendered.segments_grapheme)
}

fn as_json(bills: &BTreeMap<SocietyCode, Bill>, rate: Option<u64>) -> Value {
    let one = |bill: &Bill| {
        let mut value = json!({ "messages": bill.messages, "segments": bill.segments, "wordless": bill.wordless });
        if let Some(rate) = rate {
            value["cost_micros"] = cost(bill, rate).into();
        }
        value
    };
    bills.iter().map(|(code, bill)| (code.to_string(), one(bill))).collect::<serde_json::Map<_, _>>().into()
}

fn cost(bill: &Bill, rate: u64) -> u64 {
    sms::cost_micros(bill.segments, rate)
}

fn in_words(bills: &BTreeMap<SocietyCode, Bill>, rate: Option<u64>) -> String {
    if bills.is_empty() {
        return String::new();
    }
    let mut head = vec!["text messages", "at most", "segments"];
    head.extend(rate.map(|_| "cost"));
    head.push("no words");
    let rows: Vec<Vec<String>> = bills
        .iter()
        .map(|(code, bill)| {
            let mut row = vec![code.to_string(), grouped(bill.messages), grouped(bill.segments)];
            row.extend(rate.map(|rate| money(cost(bill, rate))));
            row.push(grouped(bill.wordless));
            row
        })
        .collect();
    format!("\n{}", table(&head, &rows))
}

/// Rounded up to hundredths: an estimate never says too little.
fn money(micros: u64) -> String {
    let cents = micros.div_ceil(MICROS / 100);
    format!("{}.{:02}", grouped(cents / 100), cents % 100)
}

/// A price such as `0.045` in millionths.
///
/// # Errors
/// Not a price, or one with more than six places.
pub fn price(text: &str) -> Result<u64, String> {
    let wrong = || "a price for one segment, such as 0.045".to_owned();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 6 || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    format!("{whole}{part:0<6}").parse().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_and_costs_are_rounded_up() {
        assert_eq!(price("0.045"), Ok(45_000));
        assert_eq!(price("12"), Ok(12_000_000));
        for wrong in ["", ".5", "-1", "1,5", "1.2345678", "1e3", "9999999"] {
            assert!(price(wrong).is_err(), "{wrong}");
        }
        assert_eq!(money(0), "0.00");
        assert_eq!(money(45_000), "0.05");
        assert_eq!(money(1_234_500_000), "1 234.50");
    }
}
