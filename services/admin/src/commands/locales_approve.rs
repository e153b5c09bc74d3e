//! `tidings locales approve`: people say with their keys that words are right.

use domain::Millis;
use jiff::tz::Offset;
use localisation::workflow::{self, Mark, WorkflowError};
use localisation::{APPROVALS_FILE, Files, State, sheet};
use serde_json::json;

use super::{action, locales};
use crate::answer::Answer;
use crate::app::App;
use crate::cli::{ApproveArgs, Signer, StateArg};
use crate::error::Failure;
use crate::home::Operator;

/// Marks the words, signed; writes the approvals file under the folder of the configuration.
///
/// # Errors
/// An operator who is unknown or revoked, signs twice or wrote the words; words that cannot be approved.
pub async fn run(app: &App, args: &ApproveArgs) -> Result<Answer, Failure> {
    let operators = operators(app, args)?;
    let tag = locales::tag(&args.language)?;
    let all = locales::files(&app.config)?;
    let refused = |e: localisation::LoadError| Failure::refused(format!("nothing was approved: {e}"));
    let library = sheet::import(&all, &Files::new()).map_err(refused)?;
    let mark = Mark {
        kind: args.notice,
        channel: args.channel,
        level: args.level,
        state: state(args.state),
        translator: translator(&library, &tag, args),
        approved_by: args.names.clone(),
        on: today(app.store.now().await?),
        expires: args.expires,
    };
    let sign = |n: usize, statement: &str| operators.get(n).map(|operator| operator.sign_words(statement));
    let approvals = workflow::mark(&library, &tag, &mark, sign).map_err(|e| match e {
        WorkflowError::NoLanguage(_) | WorkflowError::NoUnit(_) => Failure::usage(e.to_string()),
        other => Failure::refused(other.to_string()),
    })?;
    let text = approvals.write().map_err(|e| Failure::failed(e.to_string()))?;
    let changed = Files::from([(format!("locales/{tag}/{APPROVALS_FILE}"), text)]);
    let library = sheet::import(&all, &changed).map_err(refused)?;
    crate::signed_words::prove(&library)?;
    let wanted = |unit: &localisation::Unit| {
        args.notice.is_none_or(|k| k == unit.kind)
            && args.channel.is_none_or(|c| c == unit.channel)
            && args.level.is_none_or(|l| l == unit.level)
    };
    let units: Vec<String> = approvals.units.iter().filter(|e| wanted(&e.unit)).map(|e| e.unit.to_string()).collect();
    // the people are proved and the audit is written before the file is
    for name in &args.operators {
        let subject = json!({ "language": tag, "notices": units, "state": mark.state.as_str() });
        action::one_person(app, &Signer { operator: name.clone() }, "words marked", &subject).await?;
    }
    locales::put(&app.config, &changed)?;
    let said = format!("{} notices in {tag} are {}.\nNext: tidings locales status", units.len(), mark.state);
    Ok(Answer::new(json!({ "language": tag, "state": mark.state.as_str(), "notices": units }), said))
}

/// Who signs: one key for each name, none twice.
fn operators(app: &App, args: &ApproveArgs) -> Result<Vec<Operator>, Failure> {
    if args.names.len() != args.operators.len() {
        return Err(Failure::usage("give one --name for each --as, in the same order"));
    }
    let load = |name: &String| action::load(app, &Signer { operator: name.clone() });
    let operators: Vec<Operator> = args.operators.iter().map(load).collect::<Result<_, _>>()?;
    let keys: std::collections::BTreeSet<_> = operators.iter().map(Operator::public).collect();
    if keys.len() != operators.len() {
        return Err(Failure::refused("the same key signs twice"));
    }
    Ok(operators)
}

/// Who wrote the words: as given, else as the file says.
fn translator(library: &localisation::Library, tag: &localisation::Tag, args: &ApproveArgs) -> String {
    if !args.translator.is_empty() {
        return args.translator.clone();
    }
    library.language(tag).map(|language| language.file().translator.clone()).unwrap_or_default()
}

fn today(now: Millis) -> jiff::civil::Date {
    now.timestamp().map_or(jiff::civil::Date::MIN, |now| Offset::UTC.to_datetime(now).date())
}

const fn state(arg: StateArg) -> State {
    match arg {
        StateArg::Draft => State::Draft,
        StateArg::Revised => State::Revised,
        StateArg::BackTranslated => State::BackTranslated,
        StateArg::Tested => State::Tested,
        StateArg::Approved => State::Approved,
        StateArg::Rejected => State::Rejected,
        StateArg::Withdrawn => State::Withdrawn,
    }
}
