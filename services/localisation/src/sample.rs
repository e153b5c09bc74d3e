//! Invented facts, an invented Society and a request made of them, for previews, the gallery and the budgets of text
//! messages.

use domain::Millis;
use domain::incident::{Certainty, DataCategory, Exposed, IncidentFacts, IncidentKind, Measure};
use domain::notice::Notice;
use domain::society::{Hotline, HotlineHours, Society, SocietyCode};
use jiff::civil::{date, time};

use crate::{Request, Tag};

/// A reference code of the usual shape.
pub const REFERENCE: &str = "K7M4Q-X9T2L";

/// What happened, invented.
#[must_use]
pub fn facts() -> IncidentFacts {
    let exposed = |category, certainty| Exposed { category, certainty };
    IncidentFacts {
        name: "sample".to_owned(),
        kind: IncidentKind::Synthetic,
        version: 2,
        as_of: date(2022, 2, 16),
        started_on: date(2021, 11, 9),
        discovered_on: date(2022, 1, 18),
        ended_on: Some(date(2022, 1, 19)),
        exposed: vec![
            exposed(DataCategory::Name, Certainty::Confirmed),
            exposed(DataCategory::Birth, Certainty::Confirmed),
            exposed(DataCategory::Contact, Certainty::Confirmed),
            exposed(DataCategory::Family, Certainty::Confirmed),
            exposed(DataCategory::Case, Certainty::Possible),
            exposed(DataCategory::Documents, Certainty::Possible),
        ],
        measures: vec![Measure::Offline, Measure::Rebuilt, Measure::AuthoritiesTold, Measure::Monitoring],
        data_published: false,
        data_protection_contact: "Data Protection Office, Example Street, Exampletown".to_owned(),
    }
}

/// Who writes, invented: a name, a number and hours of usual length.
///
/// # Errors
/// The code of the invented country is not one (it is).
pub fn society() -> Result<Society, domain::society::SocietyCodeError> {
    let hours = |language: &str| HotlineHours {
        language: language.to_owned(),
        opens: time(9, 0, 0, 0),
        closes: time(17, 0, 0, 0),
        calls_per_hour: 100,
    };
    Ok(Society {
        code: "XX".parse::<SocietyCode>()?,
        name: [("en".to_owned(), "Exampleland Red Cross".to_owned())].into(),
        sender: "EXAMPLE RC".to_owned(),
        time_zone: "UTC".to_owned(),
        return_address: vec!["P.O. Box".to_owned(), "Exampletown".to_owned()],
        office: "Exampletown".to_owned(),
        hotline: Hotline {
            messages_per_call: None,
            number: "+41 22 730 3600".to_owned(),
            free_of_charge: true,
            published_at: "every office of the Society".to_owned(),
            hours: ["en", "fr", "ar"].map(hours).into(),
        },
        offers: Vec::new(),
        detention_access: false,
        credit: 500,
        contexts: Vec::new(),
        synthetic: true,
    })
}

/// A notice to look at, to one person of its audience alone: the usual reference, no label, the organisation named,
/// words in any state.
#[must_use]
pub const fn request<'a>(
    notice: Notice,
    language: &'a Tag,
    facts: &'a IncidentFacts,
    society: &'a Society,
) -> Request<'a> {
    Request {
        notice,
        also: &[],
        language,
        facts,
        society,
        reference: REFERENCE,
        label: None,
        may_name_org: true,
        high_fraud: false,
        as_of: Millis(0),
        drill: true,
    }
}
