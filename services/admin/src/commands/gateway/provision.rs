//! `tidings gateway provision`: what a Society's gateway needs at RabbitMQ, applied or printed, and the files that its
//! people are given.

use std::path::{Path, PathBuf};

use broker::management::{Account, apply};
use broker::{Realm, Topology};
use contract::TidingsKeys;
use domain::SocietyCode;
use serde_json::json;

use crate::answer::Answer;
use crate::app::App;
use crate::cli::Provision;
use crate::commands::action;
use crate::error::Failure;
use crate::home;

/// Characters of a password: 190 bits.
const PASSWORD: usize = 32;

/// Runs the command.
///
/// # Errors
/// The Society is not known, the operator may not act, the broker refuses, or a file exists already.
pub async fn run(app: &App, given: &Provision) -> Result<Answer, Failure> {
    let society = known(app, &given.society, given.drill).await?;
    let realm = if given.drill { Realm::Drill } else { Realm::Real };
    let Some(url) = app.config.amqp_url()? else { return without_a_line(app, given, &society).await };
    let vhost = broker::management::vhost(&url)?;
    let account = Account::new(realm, society.as_str(), &vhost, &app.config.amqp_namespace)?;
    let keys = public_keys(app, given.drill)?;
    let Some(management) = &given.management_url_file else { return Ok(printed(&account, &keys)) };

    let management = String::from_utf8(home::read_secret(management)?)
        .map_err(|_| Failure::usage("the management URL is not text"))?;
    let subject = json!({ "society": society, "drill": given.drill, "user": account.user() });
    action::one_person(app, &given.signer, "gateway provisioned", &subject).await?;
    app.amqp().await?.declare(&Topology::new(realm, [society.to_string()])).await?;
    let password = password();
    let folder = &given.out;
    // Written first: a password that is set and kept by nobody would lock the Society out.
    let files = write(folder, &society, &broker::management::login(&url, &account, &password)?, &keys)?;
    apply(management.trim(), &account.steps(&password)).await.map_err(|e| Failure::failed(e.to_string()))?;
    let text = format!(
        "{user} may read {queue} and write its own receipts, and nothing else.\nGive to {society}, over two ways:\n  {}\nNext, there: tidings-gateway check-config; here: tidings gateway add {society} --keys FILE",
        files.join("\n  "),
        user = account.user(),
        queue = account.queue(),
    );
    Ok(Answer::new(json!({ "user": account.user(), "queue": account.queue(), "files": files }), text))
}

/// No broker here: messages and receipts travel as files, and the Society needs our public keys only.
async fn without_a_line(app: &App, given: &Provision, society: &SocietyCode) -> Result<Answer, Failure> {
    if given.management_url_file.is_some() {
        return Err(Failure::usage("there is no broker in this setting: set AMQP_URL to the one that gateways use"));
    }
    let keys = public_keys(app, given.drill)?;
    let subject = json!({ "society": society, "drill": given.drill, "files": true });
    action::one_person(app, &given.signer, "gateway provisioned", &subject).await?;
    std::fs::create_dir_all(&given.out)?;
    let file = public_file(&given.out, society);
    std::fs::write(&file, serde_json::to_string_pretty(&keys)?)?;
    let text = format!(
        "Give to {society}: {file}\nNext, there: tidings-gateway check-config; here: tidings gateway add {society} --keys FILE.\nMessages and receipts travel as files: tidings gateway export, tidings gateway import.",
        file = file.display(),
    );
    Ok(Answer::new(json!({ "files": [file] }), text))
}

fn public_file(folder: &Path, society: &SocietyCode) -> PathBuf {
    folder.join(format!("{society}-tidings-keys.json"))
}

async fn known(app: &App, society: &SocietyCode, drill: bool) -> Result<SocietyCode, Failure> {
    let known = app.store.societies().await?.into_iter().any(|s| s.code == *society && s.synthetic == drill);
    if known {
        return Ok(society.clone());
    }
    let kind = if drill { "drills" } else { "real campaigns" };
    Err(Failure::failed(format!("Society {society} is not known for {kind}; tidings society put FILE")))
}

/// The keys that a gateway pins and seals to.
///
/// # Errors
/// A key file is missing.
pub fn public_keys(app: &App, drill: bool) -> Result<TidingsKeys, Failure> {
    let organisation = app.organisation_key(drill)?.public();
    Ok(TidingsKeys::new(&organisation, [app.receipt_key(drill)?.public()]))
}

fn printed(account: &Account, keys: &TidingsKeys) -> Answer {
    let commands = account.commands();
    let text = format!(
        "Queues and exchanges: tidings gateway declare. Then, at the broker:\n\n{}\n\nFor the Society:\n{}",
        commands.join("\n"),
        serde_json::to_string_pretty(keys).unwrap_or_default(),
    );
    Answer::new(json!({ "commands": commands, "user": account.user(), "tidings_keys": keys }), text)
}

fn write(folder: &Path, society: &SocietyCode, url: &str, keys: &TidingsKeys) -> Result<Vec<String>, Failure> {
    let (secret, public) = (folder.join(format!("{society}-amqp-url")), public_file(folder, society));
    home::write_secret(&secret, url.as_bytes())?;
    std::fs::write(&public, serde_json::to_string_pretty(keys)?)?;
    Ok(vec![secret.display().to_string(), public.display().to_string()])
}

fn password() -> String {
    use rand::RngExt as _;
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(PASSWORD).map(char::from).collect()
}
