//! Which numbered batches of receipts have come.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use domain::SocietyCode;
use domain::heard::Heard;

use crate::db::{Conn, vals};
use crate::{HeardRow, Store, StoreError};

/// Numbers by Society and key: in this order rows are locked, so that two writers wait for each other and never in a
/// circle.
pub type Numbers = BTreeMap<(SocietyCode, String), Vec<u64>>;

impl Store {
    /// Notes numbers of batches that were taken in, each with the key that signed it. Repeating it changes nothing.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn hear(&self, numbers: &Numbers) -> Result<(), StoreError> {
        self.inner
            .db
            .write(numbers.clone(), |c, numbers| {
                Box::pin(async move {
                    for ((society, key), numbers) in numbers.iter() {
                        hear(c, society, key, numbers).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// What has come, by Society and key.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn heard(&self) -> Result<Vec<HeardRow>, StoreError> {
        self.inner
            .db
            .read((), |c, ()| {
                Box::pin(async move {
                    const ALL: &str =
                        "SELECT society, gateway_key, runs, gap_since FROM heard ORDER BY society, gateway_key";
                    let rows = c.rows(ALL, &[]).await?;
                    rows.iter()
                        .map(|r| {
                            Ok(HeardRow {
                                society: r.society(0)?,
                                gateway_key: r.text(1)?,
                                heard: r.json(2)?,
                                gap_since: r.opt_millis(3)?,
                            })
                        })
                        .collect()
                })
            })
            .await
    }
}

async fn hear(c: &mut Conn<'_>, society: &SocietyCode, key: &str, numbers: &[u64]) -> Result<(), StoreError> {
    c.exec(
        "INSERT INTO heard (society, gateway_key, runs) VALUES ($1, $2, '[]') ON CONFLICT DO NOTHING",
        vals![society, key],
    )
    .await?;
    let row = c
        .row("SELECT runs FROM heard WHERE society = $1 AND gateway_key = $2 {lock}", vals![society, key])
        .await?
        .ok_or(StoreError::Missing("gateway key"))?;
    let before: Heard = row.json(0)?;
    let mut heard = before.clone();
    for number in numbers {
        heard.note(*number);
    }
    if heard == before {
        return Ok(());
    }
    let runs = serde_json::to_string(&heard).map_err(|_| StoreError::Encode)?;
    c.exec(
        "UPDATE heard SET runs = $3, gap_since = CASE WHEN $4 THEN coalesce(gap_since, {clock}) END
         WHERE society = $1 AND gateway_key = $2",
        vals![society, key, &runs, heard.missing() > 0],
    )
    .await?;
    Ok(())
}
