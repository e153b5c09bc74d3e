//! Synthetic facts, Societies and requests.

use std::sync::OnceLock;

use domain::incident::{Certainty, DataCategory, Exposed, IncidentFacts, IncidentKind, Measure};
use domain::notice::Notice;
use domain::society::{Hotline, HotlineHours, Society};
use domain::{Audience, Level, Millis};
use localisation::{Library, Refusal, Rendered, Request, Tag};

pub(crate) const REFERENCE: &str = "K7M4Q-X9T2L";
pub(crate) const HOTLINE: &str = "+41 22 730 3600";

/// The library, loaded once for all tests.
pub(crate) fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::embedded().unwrap_or_else(|e| panic!("{e}")))
}

pub(crate) fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

pub(crate) fn facts() -> IncidentFacts {
    let exposed = |category, certainty| Exposed { category, certainty };
    IncidentFacts {
        name: "exercise".to_owned(),
        kind: IncidentKind::Synthetic,
        version: 2,
        as_of: jiff::civil::date(2022, 2, 16),
        started_on: jiff::civil::date(2021, 11, 9),
        discovered_on: jiff::civil::date(2022, 1, 18),
        ended_on: Some(jiff::civil::date(2022, 1, 19)),
        exposed: vec![
            exposed(DataCategory::Name, Certainty::Confirmed),
            exposed(DataCategory::Contact, Certainty::Confirmed),
            exposed(DataCategory::Case, Certainty::Possible),
        ],
        measures: vec![Measure::Offline, Measure::Rebuilt],
        data_published: false,
        data_protection_contact: "Data Protection Office, Example Street, Exampletown".to_owned(),
    }
}

pub(crate) fn society() -> Society {
    let hours = |language: &str| HotlineHours {
        language: language.to_owned(),
        opens: jiff::civil::time(9, 0, 0, 0),
        closes: jiff::civil::time(17, 30, 0, 0),
        calls_per_hour: 100,
    };
    Society {
        code: "KE".parse().unwrap(),
        name: [("en".to_owned(), "Exampleland Red Cross".to_owned())].into(),
        sender: "EXAMPLE RC".to_owned(),
        time_zone: "Africa/Nairobi".to_owned(),
        return_address: vec!["P.O. Box 00".to_owned(), "Exampletown".to_owned()],
        office: "Exampletown office".to_owned(),
        hotline: Hotline {
            messages_per_call: None,
            number: HOTLINE.to_owned(),
            free_of_charge: true,
            published_at: "every office".to_owned(),
            hours: vec![hours("en"), hours("ar"), hours("fr")],
        },
        offers: Vec::new(),
        detention_access: false,
        credit: 500,
        contexts: Vec::new(),
        synthetic: true,
    }
}

pub(crate) struct Case {
    pub(crate) facts: IncidentFacts,
    pub(crate) society: Society,
    pub(crate) also: Vec<Audience>,
    pub(crate) label: Option<&'static str>,
    pub(crate) may_name_org: bool,
    pub(crate) high_fraud: bool,
    pub(crate) drill: bool,
    pub(crate) reference: &'static str,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            facts: facts(),
            society: society(),
            also: Vec::new(),
            label: None,
            may_name_org: true,
            high_fraud: false,
            drill: true,
            reference: REFERENCE,
        }
    }
}

impl Case {
    pub(crate) fn render(&self, language: &str, notice: Notice) -> Result<Rendered, Refusal> {
        self.render_with(library(), language, notice)
    }

    pub(crate) fn render_with(&self, library: &Library, language: &str, notice: Notice) -> Result<Rendered, Refusal> {
        library.render(&Request {
            notice,
            also: &self.also,
            language: &tag(language),
            facts: &self.facts,
            society: &self.society,
            reference: self.reference,
            label: self.label,
            may_name_org: self.may_name_org,
            high_fraud: self.high_fraud,
            as_of: Millis(1_645_000_000_000),
            drill: self.drill,
        })
    }
}

/// All parts in one string, without isolates, without what keeps numbers whole and without SSML's namespace.
pub(crate) fn everything(rendered: &Rendered) -> String {
    let all = rendered.parts.values().cloned().collect::<Vec<_>>().join("\n");
    all.replace(['\u{2068}', '\u{2069}'], "")
        .replace("<bdi>", "")
        .replace("</bdi>", "")
        .replace("<span style=\"white-space: nowrap\">", "")
        .replace("</span>", "")
        .replace("http://www.w3.org/2001/10/synthesis", "")
}

/// Levels at which something is said.
pub(crate) const SPOKEN: &[Level] = &[Level::L2, Level::L3, Level::L4];
