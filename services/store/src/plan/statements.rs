//! What operators stated about records.

use async_recursion::async_recursion as boxed;
use domain::IncidentId;

use super::{load, person_of};
use crate::db::{Conn, vals};
use crate::dedupe::bump;
use crate::{StatementRow, Store, StoreError};

impl Store {
    /// What an operator stated about records; their persons' facts move. All or none; the same again changes nothing.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn put_statements(&self, incident: IncidentId, rows: &[StatementRow]) -> Result<(), StoreError> {
        self.inner
            .db
            .write((incident, rows.to_vec()), |c, (incident, rows)| {
                Box::pin(async move { put_statements(c, *incident, rows).await.map(drop) })
            })
            .await
    }

    /// The same for what says how people can be reached: linkage is due again, to count who else lists the address.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn put_contacts(&self, incident: IncidentId, rows: &[StatementRow]) -> Result<(), StoreError> {
        self.inner
            .db
            .write((incident, rows.to_vec()), |c, (incident, rows)| {
                Box::pin(async move {
                    if put_statements(c, *incident, rows).await? > 0 {
                        const DUE: &str = "UPDATE incident SET record_epoch = record_epoch + 1 WHERE id = $1";
                        c.exec(DUE, vals![*incident]).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Statements of an incident that loosen something or open a way, oldest first. Each took two people: there are few.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn loosening_statements(&self, incident: IncidentId) -> Result<Vec<StatementRow>, StoreError> {
        self.inner
            .db
            .read(incident, |c, incident| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT s.id, s.record, s.blob, s.tightening, s.at, s.staff FROM statement s
                             WHERE s.incident = $1 AND NOT s.tightening ORDER BY s.at, s.id",
                            vals![*incident],
                        )
                        .await?;
                    rows.iter().map(|r| load::statement(r, 0)).collect()
                })
            })
            .await
    }
}

/// How many of them are new.
async fn put_statements(c: &mut Conn<'_>, incident: IncidentId, rows: &[StatementRow]) -> Result<u64, StoreError> {
    let mut new = 0;
    for row in rows {
        let added = c
            .exec(
                "INSERT INTO statement (id, incident, record, blob, tightening, at, staff)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
                vals![row.id, incident, row.record, row.blob.as_bytes(), row.tightening, row.at, row.by],
            )
            .await?;
        if added == 1 {
            let person = person_of(c, row.record).await?;
            bump(c, incident, person.as_slice()).await?;
        }
        new += added;
    }
    Ok(new)
}
