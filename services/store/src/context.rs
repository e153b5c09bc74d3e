//! Incidents, Societies, gateways.

use async_recursion::async_recursion as boxed;
use domain::incident::{IncidentFacts, IncidentKind};
use domain::society::Society;
use domain::{IncidentId, SocietyCode};

use crate::db::{Conn, Row, vals};
use crate::seal::WrappedKeys;
use crate::{GatewayRow, GatewayState, IncidentRow, Store, StoreError};

/// Facts and Societies are plain data with string keys: writing them cannot fail in another way than this.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Encode)
}

impl Store {
    /// A new incident with its keys, or a new version of its facts. The same version with the same facts changes
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError::Kind`], [`StoreError::Version`], [`StoreError::Keys`]; [`StoreError::Clock`] for a real incident
    /// in a store whose clock a drill has moved.
    #[boxed]
    pub async fn put_incident(
        &self,
        id: IncidentId,
        facts: &IncidentFacts,
        keys: Option<&WrappedKeys>,
    ) -> Result<(), StoreError> {
        self.inner
            .db
            .write((id, facts.clone(), keys.cloned()), |c, (id, facts, keys)| {
                Box::pin(async move { put_incident(c, *id, facts, keys.as_ref()).await })
            })
            .await
    }

    /// An incident.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn incident(&self, id: IncidentId) -> Result<Option<IncidentRow>, StoreError> {
        self.inner
            .db
            .read(id, |c, id| {
                Box::pin(async move {
                    c.row(
                        "SELECT id, facts, key_version, public_key, wrapped_secret, wrapped_index
                         FROM incident WHERE id = $1",
                        vals![*id],
                    )
                    .await?
                    .as_ref()
                    .map(incident_row)
                    .transpose()
                })
            })
            .await
    }

    /// Every incident.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.inner
            .db
            .read((), |c, ()| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT id, facts, key_version, public_key, wrapped_secret, wrapped_index
                             FROM incident ORDER BY id",
                            &[],
                        )
                        .await?;
                    rows.iter().map(incident_row).collect()
                })
            })
            .await
    }

    /// Adds or changes a Society.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn put_society(&self, society: &Society) -> Result<(), StoreError> {
        self.inner
            .db
            .write(society.clone(), |c, society| {
                Box::pin(async move {
                    c.exec(
                        "INSERT INTO society (code, context) VALUES ($1, $2)
                         ON CONFLICT (code) DO UPDATE SET context = excluded.context",
                        vals![&society.code, to_json(society)?],
                    )
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Every Society, by code.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn societies(&self) -> Result<Vec<Society>, StoreError> {
        self.inner
            .db
            .read((), |c, ()| {
                Box::pin(async move {
                    let rows = c.rows("SELECT context FROM society ORDER BY code", &[]).await?;
                    rows.iter().map(|r| r.json(0)).collect()
                })
            })
            .await
    }

    /// Adds a gateway's keys, or changes the state of known ones.
    ///
    /// # Errors
    /// A check violation for keys that would change between drill and real.
    #[boxed]
    pub async fn put_gateway(&self, row: &GatewayRow) -> Result<(), StoreError> {
        self.inner
            .db
            .write(row.clone(), |c, row| {
                Box::pin(async move {
                    c.exec(
                        "INSERT INTO gateway (society, kid, drill, sealing_jwk, verifying_jwk, state)
                         VALUES ($1, $2, $3, $4, $5, $6)
                         ON CONFLICT (society, kid) DO UPDATE SET drill = excluded.drill, state = excluded.state,
                             sealing_jwk = excluded.sealing_jwk, verifying_jwk = excluded.verifying_jwk",
                        vals![
                            &row.society,
                            &row.kid,
                            row.drill,
                            &row.sealing_jwk,
                            &row.verifying_jwk,
                            row.state.as_str(),
                        ],
                    )
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Attempts that may still need a gateway's key: sealed to it, and without an outcome.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn open_attempts_of_key(&self, society: &SocietyCode, kid: &str) -> Result<i64, StoreError> {
        self.inner
            .db
            .read((society.clone(), kid.to_owned()), |c, (society, kid)| {
                Box::pin(async move {
                    c.count(
                        "SELECT count(*) FROM attempt WHERE society = $1 AND kid = $2 AND open",
                        vals![&*society, &*kid],
                    )
                    .await
                })
            })
            .await
    }

    /// Gateways for drills, or for real campaigns.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn gateways(&self, drill: bool) -> Result<Vec<GatewayRow>, StoreError> {
        self.inner
            .db
            .read(drill, |c, drill| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT society, kid, sealing_jwk, verifying_jwk, drill, state FROM gateway
                             WHERE drill = $1 ORDER BY society, kid",
                            vals![*drill],
                        )
                        .await?;
                    rows.iter()
                        .map(|r| {
                            Ok(GatewayRow {
                                society: r.society(0)?,
                                kid: r.text(1)?,
                                sealing_jwk: r.text(2)?,
                                verifying_jwk: r.text(3)?,
                                drill: r.bool(4)?,
                                state: r.word(5, GatewayState::parse)?,
                            })
                        })
                        .collect()
                })
            })
            .await
    }
}

async fn put_incident(
    c: &mut Conn<'_>,
    id: IncidentId,
    facts: &IncidentFacts,
    keys: Option<&WrappedKeys>,
) -> Result<(), StoreError> {
    let drill = facts.kind == IncidentKind::Synthetic;
    let version = i32::try_from(facts.version).map_err(|_| StoreError::Version(id))?;
    let json = to_json(facts)?;
    let known = c.row("SELECT drill, version, facts FROM incident WHERE id = $1 {lock}", vals![id]).await?;
    match (known, keys) {
        (None, Some(keys)) if keys.incident == id => {
            if !drill && c.count("SELECT offset_ms FROM clock", &[]).await? != 0 {
                return Err(StoreError::Clock);
            }
            c.exec(
                "INSERT INTO incident (id, drill, version, facts, key_version, public_key, wrapped_secret, wrapped_index)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                vals![
                    id,
                    drill,
                    version,
                    &json,
                    keys.version,
                    keys.public,
                    keys.secret.clone(),
                    keys.index.clone(),
                ],
            )
            .await?;
        }
        (Some(row), None) => {
            if row.bool(0)? != drill {
                return Err(StoreError::Kind(id));
            }
            match version.cmp(&row.i32(1)?) {
                std::cmp::Ordering::Equal if row.text(2)? == json => return Ok(()),
                std::cmp::Ordering::Greater => {}
                _ => return Err(StoreError::Version(id)),
            }
            c.exec("UPDATE incident SET version = $2, facts = $3 WHERE id = $1", vals![id, version, &json]).await?;
        }
        _ => return Err(StoreError::Keys(id)),
    }
    c.exec(
        "INSERT INTO incident_facts (incident, version, facts, at) VALUES ($1, $2, $3, {clock})",
        vals![id, version, &json],
    )
    .await?;
    Ok(())
}

fn incident_row(r: &Row) -> Result<IncidentRow, StoreError> {
    let id = r.id(0)?;
    Ok(IncidentRow {
        id,
        facts: r.json(1)?,
        keys: WrappedKeys {
            incident: id,
            version: r.i32(2)?,
            public: r.array(3)?,
            secret: r.bytes(4)?,
            index: r.bytes(5)?,
        },
    })
}
