//! The manifest: what a Society says about a file. A file that disagrees with it is refused whole.

use domain::incident::{Certainty, DataCategory};
use domain::society::SocietyCode;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::error::RegisterError;
use crate::limits;
use crate::values::calendar::Calendar;
use crate::values::country;
use crate::values::date::{DateOrder, DateRules};

/// What wrote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// The canonical record, one JSON object a line, or one JSON array.
    Canonical,
    /// A table with a mapping file.
    Csv,
    /// A workbook with a mapping file.
    Xlsx,
    /// Primero, raw ids and subforms.
    PrimeroJson,
    /// Primero, display labels over several sheets.
    PrimeroXlsx,
    /// Primero, without subforms.
    PrimeroCsv,
    /// People Finder Interchange Format 1.2 to 1.4, XML.
    PfifXml,
    /// The same as CSV.
    PfifCsv,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 8] = [
        Self::Canonical,
        Self::Csv,
        Self::Xlsx,
        Self::PrimeroJson,
        Self::PrimeroXlsx,
        Self::PrimeroCsv,
        Self::PfifXml,
        Self::PfifCsv,
    ];

    /// Whether it is a table that only a mapping file makes sense of.
    #[must_use]
    pub const fn needs_mapping(self) -> bool {
        matches!(self, Self::Csv | Self::Xlsx | Self::PrimeroXlsx | Self::PrimeroCsv)
    }

    /// Facts that the format has no place for: its silence about them can never mean «none».
    #[must_use]
    pub const fn cannot_carry(self) -> &'static [Carried] {
        match self {
            // A person who is looked for, and who asks: nothing about protection, access or detention.
            Self::PfifXml | Self::PfifCsv => &[
                Carried::NeedsCodes,
                Carried::Concerns,
                Carried::AccessNeeds,
                Carried::DetentionMarkers,
                Carried::Relations,
            ],
            // Primero has no field for access needs, and none for detention.
            Self::PrimeroJson | Self::PrimeroXlsx => &[Carried::AccessNeeds, Carried::DetentionMarkers],
            // Its CSV drops every subform besides.
            Self::PrimeroCsv => &[Carried::AccessNeeds, Carried::DetentionMarkers, Carried::Relations],
            Self::Canonical | Self::Csv | Self::Xlsx => &[],
        }
    }

    /// As the manifest writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::PrimeroJson => "primero-json",
            Self::PrimeroXlsx => "primero-xlsx",
            Self::PrimeroCsv => "primero-csv",
            Self::PfifXml => "pfif-xml",
            Self::PfifCsv => "pfif-csv",
        }
    }
}

impl std::str::FromStr for Profile {
    type Err = RegisterError;

    fn from_str(text: &str) -> Result<Self, RegisterError> {
        let known = Self::ALL.into_iter().find(|profile| profile.as_str() == text);
        known.ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            RegisterError::Manifest(format!("no such profile; there are: {all}"))
        })
    }
}

/// Encodings that a file may be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without byte-order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, little-endian.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, big-endian.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Western European Windows.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Cyrillic Windows.
    #[serde(rename = "windows-1251")]
    Windows1251,
    /// Arabic Windows.
    #[serde(rename = "windows-1256")]
    Windows1256,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 6] =
        [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252, Self::Windows1251, Self::Windows1256];

    /// As the manifest writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
            Self::Windows1251 => "windows-1251",
            Self::Windows1256 => "windows-1256",
        }
    }
}

impl std::str::FromStr for Encoding {
    type Err = RegisterError;

    fn from_str(text: &str) -> Result<Self, RegisterError> {
        let known = Self::ALL.into_iter().find(|encoding| encoding.as_str() == text);
        known.ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            RegisterError::Manifest(format!("no such encoding; there are: {all}"))
        })
    }
}

/// Facts whose empty cell can mean «none».
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carried {
    /// Specific-needs codes.
    NeedsCodes,
    /// Protection concerns.
    Concerns,
    /// Access needs.
    AccessNeeds,
    /// Dated detention markers.
    DetentionMarkers,
    /// Relations.
    Relations,
}

impl Carried {
    /// As the manifest writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsCodes => "needs_codes",
            Self::Concerns => "concerns",
            Self::AccessNeeds => "access_needs",
            Self::DetentionMarkers => "detention_markers",
            Self::Relations => "relations",
        }
    }
}

/// A data category that every record of the file shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExposedData {
    /// Category.
    pub category: DataCategory,
    /// Certainty.
    pub certainty: Certainty,
    /// Which intrusion, from 1.
    #[serde(default)]
    pub intrusion: Option<u8>,
}

/// What a Society says about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The Society that holds the register.
    pub society: SocietyCode,
    /// Source system.
    pub system: String,
    /// Day of the export.
    pub exported_on: Date,
    /// What wrote the file.
    pub profile: Profile,
    /// Rows, items or persons in the file.
    pub rows: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Language of labels and headers, BCP-47.
    #[serde(default)]
    pub label_language: Option<String>,
    /// Facts whose empty cell means «none». Every other absence is unknown.
    #[serde(default)]
    pub carries: Vec<Carried>,
    /// Encoding of a text file.
    #[serde(default)]
    pub encoding: Encoding,
    /// `,` `;` or a tab; absent: whichever the header has most of.
    #[serde(default)]
    pub delimiter: Option<char>,
    /// A row of HXL hashtags stands under the header.
    #[serde(default)]
    pub hxl: bool,
    /// What `01/02/2010` means; absent: such dates are quarantined.
    #[serde(default)]
    pub date_order: Option<DateOrder>,
    /// Calendar of the file's dates.
    #[serde(default)]
    pub calendar: Calendar,
    /// IANA zone in which the days of time stamps are meant.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Country, alpha-2, in which numbers in national form are read; absent: the Society's own.
    #[serde(default)]
    pub phone_country: Option<String>,
    /// Sheet of a workbook; absent: the first.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Exposure of every record that does not carry its own.
    #[serde(default)]
    pub exposed: Vec<ExposedData>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// TOML that does not parse, an unknown key, or a value that cannot be.
    pub fn parse(text: &str) -> Result<Self, RegisterError> {
        if text.len() > limits::SETTINGS_BYTES {
            return Err(RegisterError::Manifest(format!("larger than {} bytes", limits::SETTINGS_BYTES)));
        }
        let manifest: Self = toml::from_str(text).map_err(|e| RegisterError::Manifest(e.to_string()))?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), RegisterError> {
        let wrong = |what: &str| Err(RegisterError::Manifest(what.to_owned()));
        if self.system.trim().is_empty() {
            return wrong("system is empty");
        }
        if self.sha256.len() != 64 || !self.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
            return wrong("sha256 is not 64 hexadecimal digits");
        }
        if self.delimiter.is_some_and(|d| !matches!(d, ',' | ';' | '\t')) {
            return wrong("delimiter is none of comma, semicolon, tab");
        }
        if self.phone_country.as_ref().is_some_and(|c| country::alpha2(c).is_none()) {
            return wrong("phone_country is no country");
        }
        if let Some(fact) = self.carries.iter().find(|fact| self.profile.cannot_carry().contains(fact)) {
            let (profile, fact) = (self.profile.as_str(), fact.as_str());
            return wrong(&format!("{profile} has no place for {fact}: what it does not say is unknown"));
        }
        if self.rows > limits::ROWS {
            return Err(RegisterError::TooManyRows(limits::ROWS));
        }
        self.date_rules().map(|_| ())
    }

    /// How dates of the file are read.
    ///
    /// # Errors
    /// A time zone that nobody knows.
    pub fn date_rules(&self) -> Result<DateRules, RegisterError> {
        let zone = match &self.time_zone {
            None => None,
            Some(name) => {
                Some(TimeZone::get(name).map_err(|_| RegisterError::Manifest("time_zone is no IANA zone".to_owned()))?)
            }
        };
        Ok(DateRules { order: self.date_order, zone, calendar: self.calendar })
    }

    /// Country in which numbers in national form are read.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.phone_country.as_deref().or_else(|| country::alpha2(self.society.as_str()))
    }

    /// Whether an empty cell means «none».
    #[must_use]
    pub fn carries(&self, fact: Carried) -> bool {
        self.carries.contains(&fact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(extra: &str) -> String {
        format!(
            "society = \"KE\"\nsystem = \"aid\"\nexported_on = \"2022-01-30\"\nprofile = \"csv\"\nrows = 3\nsha256 = \"{}\"\n{extra}",
            "a".repeat(64)
        )
    }

    #[test]
    fn a_manifest_reads_and_writes() {
        let manifest =
            Manifest::parse(&text("date_order = \"day-month\"\ncarries = [\"needs_codes\"]")).expect("a manifest");
        assert_eq!(manifest.region(), Some("KE"));
        assert!(manifest.carries(Carried::NeedsCodes) && !manifest.carries(Carried::Relations));
        let again = toml::to_string(&manifest).expect("toml");
        assert_eq!(Manifest::parse(&again).expect("a manifest"), manifest);
    }

    #[test]
    fn a_profile_cannot_declare_what_it_has_no_place_for() {
        let facts = ["needs_codes", "concerns", "access_needs", "detention_markers", "relations"];
        for profile in Profile::ALL {
            assert_eq!(profile.as_str().parse::<Profile>().ok(), Some(profile));
            for fact in facts {
                let declared =
                    text(&format!("carries = [\"{fact}\"]")).replace("\"csv\"", &format!("\"{}\"", profile.as_str()));
                let possible = !profile.cannot_carry().iter().any(|c| c.as_str() == fact);
                assert_eq!(Manifest::parse(&declared).is_ok(), possible, "{} {fact}", profile.as_str());
            }
        }
        assert!(Profile::PrimeroCsv.cannot_carry().contains(&Carried::Relations));
        for primero in [Profile::PrimeroJson, Profile::PrimeroXlsx, Profile::PrimeroCsv] {
            assert!(primero.cannot_carry().contains(&Carried::AccessNeeds), "{}", primero.as_str());
            assert!(primero.cannot_carry().contains(&Carried::DetentionMarkers), "{}", primero.as_str());
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for extra in [
            "rowz = 4",
            "delimiter = \"|\"",
            "time_zone = \"Mars/Base\"",
            "phone_country = \"ZZ\"",
            "encoding = \"ebcdic\"",
        ] {
            assert!(Manifest::parse(&text(extra)).is_err(), "{extra}");
        }
    }
}
