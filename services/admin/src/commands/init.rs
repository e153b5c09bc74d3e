//! `tidings init`: configuration, keys, two operators, the store.

use contract::jose::jwk::Jwk;
use contract::{OpeningKey, OrganisationKey};
use serde_json::json;
use store::OperatorRow;
use store::seal::MasterKey;

use crate::answer::Answer;
use crate::app::App;
use crate::config::{Config, DEFAULTS};
use crate::error::Failure;
use crate::home::{self, Operator};

/// Makes what is missing and leaves what is there.
///
/// # Errors
/// Fewer than two operator names; a store that cannot be reached; a folder that cannot be written.
pub async fn run(config: &Config, operators: &[String]) -> Result<Answer, Failure> {
    if operators.len() < 2 || operators[0] == operators[1] {
        return Err(Failure::usage("two people are needed: --operators anna,ben"));
    }
    let app = App::create(config).await?;
    let mut made = Vec::new();
    let settings = config.home().join("tidings.toml");
    if !settings.exists() {
        std::fs::write(&settings, DEFAULTS)?;
        made.push(settings.display().to_string());
    }
    made.extend(secrets(config)?);
    if app.store.operators().await?.is_empty() {
        for name in operators {
            let operator = Operator::generate(name);
            let path = home::operator_file(config, name);
            operator.save(&path)?;
            enrol(&app, &operator, false).await?;
            made.push(path.display().to_string());
        }
    }
    let text = format!(
        "Ready in {}.\nMade:\n  {}\nGive each operator their own key file and delete it here; back up {} apart from the database.\nNext: tidings incident put FILE, tidings society put FILE --as {}",
        config.home().display(),
        if made.is_empty() { "nothing, all was there".to_owned() } else { made.join("\n  ") },
        config.master_key_file().display(),
        operators[0],
    );
    Ok(Answer::new(json!({ "home": config.home(), "made": made }), text))
}

/// Makes the secret files that are missing; says which.
///
/// # Errors
/// A file cannot be written.
pub fn secrets(config: &Config) -> Result<Vec<String>, Failure> {
    let mut made = Vec::new();
    let mut make = |path: std::path::PathBuf, bytes: Vec<u8>| -> Result<(), Failure> {
        if !path.exists() {
            home::write_secret(&path, &bytes)?;
            made.push(path.display().to_string());
        }
        Ok(())
    };
    make(config.master_key_file(), MasterKey::generate(&mut rand::rng()).to_text().as_bytes().to_vec())?;
    for drill in [false, true] {
        let organisation = OrganisationKey::generate(&mut rand::rng(), drill).to_jwk();
        make(config.organisation_key_file(drill), serde_json::to_vec(&organisation)?)?;
        let receipts = Jwk::from(&OpeningKey::generate(&mut rand::rng()));
        make(config.receipt_key_file(drill), serde_json::to_vec(&receipts)?)?;
    }
    Ok(made)
}

/// Writes an operator into the store without a second person: only at set-up, while there is none, and in drills.
///
/// # Errors
/// The store refuses.
pub async fn enrol(app: &App, operator: &Operator, drill: bool) -> Result<(), Failure> {
    let row = OperatorRow {
        id: operator.id,
        name: operator.name.clone(),
        key: operator.public(),
        role: "operator".to_owned(),
        drill,
        revoked_at: None,
    };
    app.store.put_operator(&row).await?;
    Ok(())
}
