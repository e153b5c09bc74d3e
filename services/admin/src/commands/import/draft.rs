//! Drafts for whoever prepares a file: the mapping of its headers, and its manifest. Neither touches the store.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use jiff::civil::Date;
use registers::mapping::{Column, Draft, draft};
use registers::{Manifest, Mapping, Profile, RegisterError, UnknownValues, headers, survey, unknown_values};
use serde_json::json;

use crate::answer::Answer;
use crate::cli::ImportArgs;
use crate::error::Failure;

/// Digest of a manifest that is still to be drafted.
const NO_DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Drafts what was asked for.
///
/// # Errors
/// A file whose headers or rows cannot be read.
pub fn run(args: &ImportArgs) -> Result<Answer, Failure> {
    let about = about(args)?;
    if args.draft_mapping { mapping(args, &about) } else { manifest(args, &about) }
}

fn open(file: &Path) -> Result<BufReader<File>, Failure> {
    File::open(file).map(BufReader::new).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))
}

/// The given manifest, or one with what the command line says.
fn about(args: &ImportArgs) -> Result<Manifest, Failure> {
    if let Some(path) = &args.manifest {
        let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
        return Manifest::parse(&text).map_err(|e| Failure::usage(format!("{}: {e}", path.display())));
    }
    let profile = match args.profile.or_else(|| profile_of(&args.file)) {
        Some(profile) => profile,
        None => return Err(Failure::usage("the name of the file does not say what it is: give --profile")),
    };
    // The best guess there is: systems write an export when it is asked for.
    let written = std::fs::metadata(&args.file)
        .and_then(|m| m.modified())
        .map_err(|e| Failure::usage(format!("{}: {e}", args.file.display())))?;
    let written = jiff::Timestamp::try_from(written).map_err(|e| Failure::failed(e.to_string()))?;
    let exported_on: Date = jiff::tz::Offset::UTC.to_datetime(written).date();
    let society = args.society.clone().map_or_else(|| "ICRC".to_owned(), |s| s.as_str().to_owned());
    let mut json = json!({
        "society": society, "system": args.system.as_deref().unwrap_or("register"), "exported_on": exported_on,
        "profile": profile, "rows": 0, "sha256": NO_DIGEST,
    });
    if let Some(encoding) = args.encoding {
        json["encoding"] = json!(encoding);
    }
    if let Some(sheet) = &args.sheet {
        json["sheet"] = json!(sheet);
    }
    let plain: Manifest = serde_json::from_value(json)?;
    // A row of hashtags is there, or it is not: nobody has to say so first.
    let tagged = Manifest { hxl: true, ..plain.clone() };
    let has_tags = profile == Profile::Csv && headers(open(&args.file)?, &tagged).is_ok();
    Ok(if has_tags { tagged } else { plain })
}

/// What a file most likely is, by the end of its name.
fn profile_of(file: &Path) -> Option<Profile> {
    match file.extension()?.to_str()?.to_lowercase().as_str() {
        "csv" | "tsv" | "txt" => Some(Profile::Csv),
        "xlsx" => Some(Profile::Xlsx),
        "ndjson" | "jsonl" | "json" => Some(Profile::Canonical),
        "xml" => Some(Profile::PfifXml),
        _ => None,
    }
}

fn mapping(args: &ImportArgs, about: &Manifest) -> Result<Answer, Failure> {
    let wrong = |e: RegisterError| Failure::usage(format!("{}: {e}", args.file.display()));
    let found = headers(open(&args.file)?, about).map_err(wrong)?;
    let drafted = match given(args)? {
        None => draft(&found),
        Some(mapping) => Draft { unmapped: mapping.leaves(&found), mapping },
    };
    let toml = drafted.mapping.to_toml().map_err(wrong)?;
    let mut text = String::from(if args.mapping.is_some() {
        "# The mapping as given, with what it leaves open.\n"
    } else {
        "# Drafted from the headers. Read every line before it is used.\n"
    });
    if !drafted.unmapped.is_empty() {
        text.push_str(
            "# Not mapped. Map each, or list it under ignore; a file with a column that is neither is refused:\n",
        );
        drafted.unmapped.iter().for_each(|header| text.push_str(&format!("#   {}\n", one_line(header))));
    }
    if !drafted.mapping.columns.iter().any(|c| c.field == "record_id") {
        text.push_str("# No column looks like the record id: map one to record_id.\n");
    }
    let unknown = match about.profile {
        Profile::PfifCsv => Vec::new(),
        _ => unknown_values(open(&args.file)?, about, &drafted.mapping).map_err(wrong)?,
    };
    unknown.iter().for_each(|column| text.push_str(&in_words(column)));
    text.push_str(&toml);
    let mapped: Vec<_> = drafted
        .mapping
        .columns
        .iter()
        .map(|c| json!({ "header": c.header, "field": c.field, "slot": c.slot }))
        .collect();
    let values: Vec<_> = unknown
        .iter()
        .map(|u| json!({ "header": u.header, "field": u.field, "values": u.values, "no_codes": u.no_codes }))
        .collect();
    let json = json!({ "mapped": mapped, "unmapped": drafted.unmapped, "unknown_values": values, "toml": toml });
    Ok(Answer::new(json, text))
}

/// Values that nothing understands. They are not put into the draft: an unread line of it must not make one harmless.
fn in_words(column: &UnknownValues) -> String {
    let (header, field) = (one_line(&column.header), &column.field);
    if column.no_codes {
        return format!("# «{header}» does not look like {field}: its values are no codes. Is it mapped rightly?\n");
    }
    let mut text = format!(
        "# Values of «{header}» that are no {field}. Say what each means in a table [column.values] under the column, \
         \"\" where it\n# means nothing; the records of any other value are held:\n"
    );
    for (value, cells) in &column.values {
        let value = toml::Value::String(one_line(value));
        text.push_str(&format!("#   {value} = \"…\"    # {cells} times\n"));
    }
    text
}

fn one_line(header: &str) -> String {
    header.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The mapping that somebody has made already.
fn given(args: &ImportArgs) -> Result<Option<Mapping>, Failure> {
    let Some(path) = &args.mapping else { return Ok(None) };
    let wrong = |e: String| Failure::usage(format!("{}: {e}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    Mapping::parse(&text).map(Some).map_err(|e| wrong(e.to_string()))
}

fn manifest(args: &ImportArgs, about: &Manifest) -> Result<Answer, Failure> {
    let wrong = |e: RegisterError| Failure::usage(format!("{}: {e}", args.file.display()));
    if args.society.is_none() || args.system.is_none() {
        return Err(Failure::usage("a manifest names its Society and system: give --society and --system"));
    }
    let mapping = match given(args)? {
        None if about.profile.needs_mapping() => Some(for_counting(&headers(open(&args.file)?, about).map_err(wrong)?)),
        given => given,
    };
    let (found, digest) = survey(open(&args.file)?, about, mapping.as_ref(), |_, _| {}).map_err(wrong)?;
    let manifest = Manifest { rows: found.items, sha256: digest, ..about.clone() };
    let toml = toml::to_string(&manifest).map_err(|e| Failure::failed(e.to_string()))?;
    let text = format!(
        "# Drafted from the file. Say under carries which facts an empty cell means «none» for; every other absence is\n\
         # unknown. Say date_order, time_zone and calendar where the file's dates need them.\n{toml}"
    );
    Ok(Answer::new(json!({ "rows": manifest.rows, "sha256": manifest.sha256, "toml": toml }), text))
}

/// A mapping that is good enough to count rows: the first column is the key, the rest is left.
fn for_counting(headers: &[String]) -> Mapping {
    Mapping {
        columns: headers.first().map(|header| Column::plain(header, "record_id")).into_iter().collect(),
        ignore: headers.iter().skip(1).cloned().collect(),
        ..Mapping::default()
    }
}
