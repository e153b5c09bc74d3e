//! What commands share: the store, the broker, the words, the keys.

use std::path::Path;
use std::sync::Arc;

use broker::{Broker, Realm};
use contract::jose::jwk::Jwk;
use contract::{OpeningKey, OrganisationKey};
use localisation::Library;
use store::seal::MasterKey;
use store::{OpenOptions, Store};

use crate::config::Config;
use crate::error::Failure;
use crate::home;

/// An opened store with its configuration.
pub struct App {
    /// Configuration.
    pub config: Config,
    /// Store.
    pub store: Store,
}

impl App {
    /// Opens the store that the configuration names.
    ///
    /// # Errors
    /// The store cannot be reached, or is not set up.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        Self::open_with(config, OpenOptions::default().cache).await
    }

    /// Opens it with a small cache, for a process whose memory is limited and that hardly reads from it.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn open_sparing(config: &Config) -> Result<Self, Failure> {
        Self::open_with(config, 4 * 1024 * 1024).await
    }

    async fn open_with(config: &Config, cache: u32) -> Result<Self, Failure> {
        let url = config.database_url()?;
        let file = url.strip_prefix("sqlite:").filter(|path| !Path::new(path).exists());
        if let Some(path) = file {
            return Err(Failure::failed(format!("there is no store at {path}; `tidings init` makes one")));
        }
        Self::open_or_create(config, &url, cache).await
    }

    /// Opens or creates the store (`tidings init`, drills).
    ///
    /// # Errors
    /// The store cannot be reached.
    pub async fn create(config: &Config) -> Result<Self, Failure> {
        std::fs::create_dir_all(config.home())?;
        let app = Self::open_or_create(config, &config.database_url()?, OpenOptions::default().cache).await?;
        app.store.migrate().await?;
        Ok(app)
    }

    async fn open_or_create(config: &Config, url: &str, cache: u32) -> Result<Self, Failure> {
        let store = Store::open(url, OpenOptions { pool: config.database_pool, cache })
            .await
            .map_err(|e| Failure::failed(format!("cannot open the store: {e}")))?;
        Ok(Self { config: config.clone(), store })
    }

    /// The key that wraps incident and campaign keys.
    ///
    /// # Errors
    /// Its file is missing, open to others, or not a key.
    pub fn master_key(&self) -> Result<MasterKey, Failure> {
        let path = self.config.master_key_file();
        let bytes = home::read_secret(&path)?;
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        MasterKey::from_text(text.trim())
            .map_err(|_| Failure::failed(format!("{} is not a master key", path.display())))
    }

    /// The key that certifies campaign keys.
    ///
    /// # Errors
    /// Its file is missing, open to others, or not a key.
    pub fn organisation_key(&self, drill: bool) -> Result<OrganisationKey, Failure> {
        let path = self.config.organisation_key_file(drill);
        let wrong = || Failure::failed(format!("{} is not an organisation key", path.display()));
        let jwk: Jwk = serde_json::from_slice(&home::read_secret(&path)?).map_err(|_| wrong())?;
        OrganisationKey::from_jwk(&jwk, drill).map_err(|_| wrong())
    }

    /// The key that opens receipts.
    ///
    /// # Errors
    /// Its file is missing, open to others, or not a key.
    pub fn receipt_key(&self, drill: bool) -> Result<OpeningKey, Failure> {
        let path = self.config.receipt_key_file(drill);
        let wrong = || Failure::failed(format!("{} is not a receipt key", path.display()));
        let jwk: Jwk = serde_json::from_slice(&home::read_secret(&path)?).map_err(|_| wrong())?;
        OpeningKey::try_from(&jwk).map_err(|_| wrong())
    }

    /// Connects to the broker of the server setting; an error in the embedded one.
    ///
    /// # Errors
    /// No `AMQP_URL`, or the broker cannot be reached.
    pub async fn amqp(&self) -> Result<Arc<dyn Broker>, Failure> {
        let url = self
            .config
            .amqp_url()?
            .ok_or_else(|| Failure::usage("this needs the server setting: set DATABASE_URL and AMQP_URL"))?;
        let broker = broker::amqp(
            &url,
            broker::AmqpOptions { namespace: self.config.amqp_namespace.clone(), ..Default::default() },
        )
        .await
        .map_err(|e| Failure::failed(format!("cannot reach the broker: {e}")))?;
        Ok(Arc::new(broker))
    }

    /// Words and templates: the built-in ones, or the folders of the configuration.
    ///
    /// # Errors
    /// A load error that names file and message id; an approval that was not signed as it stands.
    pub fn library(&self) -> Result<Arc<Library>, Failure> {
        let library = library(&self.config)?;
        crate::signed_words::prove(&library)?;
        Ok(Arc::new(library))
    }

    /// The same, for what is to be approved or sent: every approval is by people who may act here, now.
    ///
    /// # Errors
    /// As [`App::library`]; an approval by somebody who is no operator, or no more.
    pub async fn library_of_operators(&self) -> Result<Arc<Library>, Failure> {
        let library = self.library()?;
        crate::signed_words::by_operators(&library, &self.store.operators().await?)?;
        Ok(library)
    }

    /// The incident; an error with the way to find its id.
    ///
    /// # Errors
    /// It does not exist.
    pub async fn incident(&self, id: domain::IncidentId) -> Result<store::IncidentRow, Failure> {
        self.store
            .incident(id)
            .await?
            .ok_or_else(|| Failure::failed(format!("there is no incident {id}; see `tidings incident show`")))
    }

    /// The campaign; an error with the way to find its id.
    ///
    /// # Errors
    /// It does not exist.
    pub async fn campaign(&self, id: domain::CampaignId) -> Result<store::CampaignRow, Failure> {
        self.store
            .campaign(id)
            .await?
            .ok_or_else(|| Failure::failed(format!("there is no campaign {id}; see `tidings campaign plan --help`")))
    }
}

/// Words and templates: the built-in ones, or the folders of the configuration.
///
/// # Errors
/// A load error that names file and message id.
pub fn library(config: &Config) -> Result<Library, Failure> {
    let words = &config.words;
    let loaded = if words.as_os_str().is_empty() { Library::embedded() } else { Library::load(words) };
    loaded.map_err(|e| Failure::failed(format!("words cannot be loaded: {e}")))
}

/// The realm of an incident's kind.
#[must_use]
pub const fn realm(kind: domain::incident::IncidentKind) -> Realm {
    match kind {
        domain::incident::IncidentKind::Real => Realm::Real,
        domain::incident::IncidentKind::Synthetic => Realm::Drill,
    }
}
