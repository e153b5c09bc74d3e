//! Chunks of rows, sealed into blocks.

use std::collections::BTreeMap;
use std::sync::mpsc;

use domain::record::Record;
use domain::{ImportId, IncidentId, RecordId, SocietyCode};
use registers::Manifest;
use store::seal::{IndexKey, Sealer, SealingPublic};
use store::{Block, QuarantineRow, Store};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender};

use super::rows::{Chunk, Numbered, Unread, count};
use crate::app::App;
use crate::error::Failure;

/// Rows sealed under one ephemeral key and staged in one transaction, about.
const BLOCK_ROWS: usize = 1000;

/// Bytes of the same: rows of the usual length are a third of it.
const BLOCK_BYTES: usize = 4 * 1024 * 1024;

/// Some chunks that are ready for the store.
pub(super) struct Sealed {
    pub(super) block: Block,
    pub(super) quarantined: Vec<QuarantineRow>,
    pub(super) kinds: BTreeMap<String, u64>,
    pub(super) last: u64,
}

/// Seals rows under the ids that the store knows or will know them by.
pub(super) struct Desk {
    store: Store,
    incident: IncidentId,
    import: ImportId,
    society: SocietyCode,
    system: String,
    public: SealingPublic,
    index: IndexKey,
    /// The register's first file: no row has a record yet, and none is looked for.
    first: bool,
    /// Where records go that are sealed.
    spent: mpsc::Sender<Numbered>,
}

impl Desk {
    pub(super) async fn new(
        app: &App,
        incident: IncidentId,
        import: ImportId,
        about: &Manifest,
    ) -> Result<(Self, mpsc::Receiver<Numbered>), Failure> {
        let row = app.incident(incident).await?;
        let index = row.keys.open_index(&app.master_key()?).map_err(|e| Failure::failed(e.to_string()))?;
        let first = !app.store.knows_register(import).await?;
        let store = app.store.clone();
        let (spent, back) = mpsc::channel();
        let (society, system) = (about.society.clone(), about.system.clone());
        let desk = Self { store, incident, import, society, system, public: row.keys.public(), index, first, spent };
        Ok((desk, back))
    }

    /// Seals chunk after chunk. Blocks end where chunks end, so that no row that is set aside comes to the store before a
    /// record that stands above it.
    pub(super) fn seal(self, mut from: Receiver<Chunk>, to: &Sender<Result<Sealed, Failure>>) {
        let mut open = self.begin();
        while let Some(chunk) = from.blocking_recv() {
            if let Err(failure) = self.add(chunk, &mut open) {
                let _ = to.blocking_send(Err(failure));
                return;
            }
            let full = open.block.rows() + open.quarantined.len() >= BLOCK_ROWS || open.block.bytes() >= BLOCK_BYTES;
            if full && to.blocking_send(Ok(std::mem::replace(&mut open, self.begin()))).is_err() {
                return;
            }
        }
        let _ = to.blocking_send(Ok(open));
    }

    fn begin(&self) -> Sealed {
        let block = Block::new(Sealer::new(&mut rand::rng(), &self.public, self.incident));
        Sealed { block, quarantined: Vec::new(), kinds: BTreeMap::new(), last: 0 }
    }

    fn add(&self, chunk: Chunk, to: &mut Sealed) -> Result<(), Failure> {
        let Chunk { records, quarantined, kinds, last } = chunk;
        let key = |(_, r): &(i64, Record)| self.index.record_key(&r.society, &r.system, r.record_id.expose());
        let keys: Vec<[u8; 16]> = records.iter().map(key).collect();
        let known = if self.first {
            vec![None; keys.len()]
        } else {
            Handle::current().block_on(self.store.record_ids(self.import, &keys))?
        };
        for (((row_no, record), key), known) in records.iter().zip(keys).zip(known) {
            let id = known.map_or_else(RecordId::random, |(id, _)| id);
            let pushed = to.block.push(*row_no, key, id, record, &self.index);
            pushed.map_err(|e| Failure::failed(format!("row {row_no}: {e}")))?;
        }
        // Nobody waits for them at the end of the file.
        let _ = self.spent.send(records);
        to.quarantined.extend(quarantined.into_iter().map(|unread| {
            let Unread { row_no, column, reason, id, twin } = unread;
            let content_hash = twin.map(|record| self.index.content_hash(&record));
            let record_key = id.map(|id| self.index.record_key(&self.society, &self.system, id.expose()));
            QuarantineRow { row_no, column, reason, record_key, content_hash }
        }));
        count(&mut to.kinds, kinds);
        to.last = last;
        Ok(())
    }
}
