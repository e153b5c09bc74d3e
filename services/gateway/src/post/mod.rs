//! Where messages come from and receipts go to: RabbitMQ, or folders for a Society without a line.
//!
//! A lost broker stops nothing that was taken: deliveries go on, receipts wait in the journal, and the connection is
//! made again in the background.

mod folder;
mod line;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use broker::{Broker, Realm};
use domain::SocietyCode;
use uuid::Uuid;

use crate::config::{Config, ConfigError, given, secret};
use folder::Folders;
use line::Line;

/// A message as it came, sealed.
#[derive(Debug)]
pub struct Raw {
    tag: Tag,
    /// The sealed message.
    pub body: Vec<u8>,
}

/// Names a message to where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// On this connection's channel.
    Line(u64, u64),
    /// In the file at hand.
    Folder(u64),
}

impl Raw {
    /// Its name.
    #[must_use]
    pub const fn tag(&self) -> Tag {
        self.tag
    }
}

/// Both ways in, of which at least one exists.
pub struct Post {
    line: Option<Line>,
    folders: Option<Folders>,
}

impl Post {
    /// From the configuration; connects in the background.
    ///
    /// # Errors
    /// [`ConfigError`] for a secret or folder that cannot be used.
    pub fn open(config: &Config) -> Result<Self, ConfigError> {
        let society = config.society()?;
        let realm = if config.drill { Realm::Drill } else { Realm::Real };
        let line = match given(&config.source.amqp_url_file) {
            Some(path) => Some(Line::new(secret(path)?, config.source.amqp_namespace.clone(), realm, &society)),
            None => None,
        };
        let folders = match (given(&config.source.inbox), given(&config.source.outbox)) {
            (Some(inbox), Some(outbox)) => Some(Folders::open(inbox, outbox, &society)?),
            _ => None,
        };
        Ok(Self { line, folders })
    }

    /// On a broker that is connected already.
    #[must_use]
    pub fn on(broker: Arc<dyn Broker>, realm: Realm, society: &SocietyCode) -> Self {
        Self { line: Some(Line::on(broker, realm, society)), folders: None }
    }

    /// Only folders.
    ///
    /// # Errors
    /// [`ConfigError`] for folders that cannot be used.
    pub fn in_folders(inbox: &Path, outbox: &Path, society: &SocietyCode) -> Result<Self, ConfigError> {
        Ok(Self { line: None, folders: Some(Folders::open(inbox, outbox, society)?) })
    }

    /// Up to `max` messages; waits for a first one, at most so long.
    pub async fn next(&mut self, max: usize, wait: Duration) -> Vec<Raw> {
        if let Some(folders) = &mut self.folders {
            let messages = folders.next(max);
            if !messages.is_empty() {
                return messages;
            }
        }
        match &mut self.line {
            Some(line) => line.next(max, wait).await,
            None => {
                tokio::time::sleep(wait).await;
                Vec::new()
            }
        }
    }

    /// These are in the journal (`taken`), or can never be worked on (`refused`).
    pub async fn settle(&mut self, taken: &[Tag], refused: &[Tag]) {
        if let Some(line) = &mut self.line {
            line.settle(taken, refused).await;
        }
        if let Some(folders) = &mut self.folders {
            folders.settle(taken, refused);
        }
    }

    /// Sends a sealed batch of receipts. True only when the broker, or the disk, has it.
    pub async fn send(&mut self, message: Uuid, sequence: u64, body: Vec<u8>) -> bool {
        match (&mut self.line, &mut self.folders) {
            (Some(line), _) => line.send(message, body).await,
            (None, Some(folders)) => folders.send(sequence, &body),
            (None, None) => false,
        }
    }
}
