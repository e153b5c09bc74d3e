//! Operators, and actions that take two of them.

use async_recursion::async_recursion as boxed;
use domain::action::{Action, ActionKind, Endorsement};
use domain::{ActionId, Millis, OperatorId};

use crate::db::{Conn, Row, vals};
use crate::{ActionRow, OperatorRow, Store, StoreError};

impl Store {
    /// Adds an operator, or changes name and role of a known one; a key stays what it was.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn put_operator(&self, row: &OperatorRow) -> Result<(), StoreError> {
        self.inner
            .db
            .write(row.clone(), |c, row| {
                Box::pin(async move {
                    c.exec(
                        "INSERT INTO staff (id, name, key, role, drill, revoked_at) VALUES ($1, $2, $3, $4, $5, $6)
                         ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role",
                        vals![row.id, &row.name, row.key, &row.role, row.drill, row.revoked_at],
                    )
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Every operator, revoked ones too.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn operators(&self) -> Result<Vec<OperatorRow>, StoreError> {
        self.inner
            .db
            .read((), |c, ()| {
                Box::pin(async move {
                    let rows = c
                        .rows("SELECT id, name, key, role, drill, revoked_at FROM staff ORDER BY name, id", &[])
                        .await?;
                    rows.iter()
                        .map(|r| {
                            Ok(OperatorRow {
                                id: r.id(0)?,
                                name: r.text(1)?,
                                key: r.array(2)?,
                                role: r.text(3)?,
                                drill: r.bool(4)?,
                                revoked_at: r.opt_millis(5)?,
                            })
                        })
                        .collect()
                })
            })
            .await
    }

    /// Revokes an operator from an instant on; a second revocation changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for an unknown operator.
    #[boxed]
    pub async fn revoke_operator(&self, id: OperatorId, at: Millis) -> Result<(), StoreError> {
        self.inner
            .db
            .write((id, at), |c, (id, at)| {
                Box::pin(async move {
                    let found = c
                        .exec("UPDATE staff SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1", vals![*id, *at])
                        .await?;
                    (found == 1).then_some(()).ok_or(StoreError::Missing("operator"))
                })
            })
            .await
    }

    /// A new action with its proposer's signature.
    ///
    /// # Errors
    /// A unique violation for an id or nonce that was used before.
    #[boxed]
    pub async fn put_action(&self, action: &Action, first: &Endorsement) -> Result<(), StoreError> {
        self.inner
            .db
            .write((action.clone(), first.clone()), |c, (action, first)| {
                Box::pin(async move {
                    c.exec(
                        "INSERT INTO action (id, kind, subject, nonce, expires_at, proposed_at)
                         VALUES ($1, $2, $3, $4, $5, {clock})",
                        vals![action.id, action.kind.as_str(), &action.subject, action.nonce, action.expires_at],
                    )
                    .await?;
                    endorse(c, action.id, first).await
                })
            })
            .await
    }

    /// An action with its signatures.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn action(&self, id: ActionId) -> Result<Option<ActionRow>, StoreError> {
        self.inner
            .db
            .read(id, |c, id| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT a.id, a.kind, a.subject, a.nonce, a.expires_at, a.executed_at, e.staff, e.signature
                             FROM action a LEFT JOIN endorsement e ON e.action = a.id WHERE a.id = $1 ORDER BY e.place",
                            vals![*id],
                        )
                        .await?;
                    Ok(group(&rows)?.pop())
                })
            })
            .await
    }

    /// Adds a signature to a pending action.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if no such action is pending; a unique violation if this operator signed already.
    #[boxed]
    pub async fn endorse(&self, id: ActionId, by: &Endorsement) -> Result<(), StoreError> {
        self.inner
            .db
            .write((id, by.clone()), |c, (id, by)| {
                Box::pin(async move {
                    c.row("SELECT 1 FROM action WHERE id = $1 AND executed_at IS NULL {lock}", vals![*id])
                        .await?
                        .ok_or(StoreError::Missing("pending action"))?;
                    endorse(c, *id, by).await
                })
            })
            .await
    }

    /// Actions, newest first.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn actions(&self, pending_only: bool) -> Result<Vec<ActionRow>, StoreError> {
        self.inner
            .db
            .read(pending_only, |c, pending| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT a.id, a.kind, a.subject, a.nonce, a.expires_at, a.executed_at, e.staff, e.signature
                             FROM action a LEFT JOIN endorsement e ON e.action = a.id
                             WHERE NOT $1 OR (a.executed_at IS NULL AND a.expires_at > {clock})
                             ORDER BY a.proposed_at DESC, a.id, e.place",
                            vals![*pending],
                        )
                        .await?;
                    group(&rows)
                })
            })
            .await
    }

    /// Marks an action as executed: true exactly once, and only before it expires.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn consume_action(&self, id: ActionId) -> Result<bool, StoreError> {
        self.inner
            .db
            .write(id, |c, id| {
                Box::pin(async move {
                    let won = c
                        .exec(
                            "UPDATE action SET executed_at = {clock}
                             WHERE id = $1 AND executed_at IS NULL AND expires_at > {clock}",
                            vals![*id],
                        )
                        .await?;
                    Ok(won == 1)
                })
            })
            .await
    }
}

async fn endorse(c: &mut Conn<'_>, id: ActionId, by: &Endorsement) -> Result<(), StoreError> {
    c.exec(
        "INSERT INTO endorsement (action, place, staff, signature)
         VALUES ($1, (SELECT count(*) FROM endorsement WHERE action = $1), $2, $3)",
        vals![id, by.operator, by.signature.clone()],
    )
    .await?;
    Ok(())
}

/// Rows of one action follow each other.
fn group(rows: &[Row]) -> Result<Vec<ActionRow>, StoreError> {
    let mut out: Vec<ActionRow> = Vec::new();
    for r in rows {
        let id: ActionId = r.id(0)?;
        if out.last().is_none_or(|(a, _, _)| a.id != id) {
            let action = Action {
                id,
                kind: r.word(1, ActionKind::parse)?,
                subject: r.text(2)?,
                nonce: r.uuid(3)?,
                expires_at: r.millis(4)?,
            };
            out.push((action, Vec::new(), r.opt_millis(5)?));
        }
        if let (Some(operator), Some(signature), Some(last)) = (r.opt_id(6)?, r.opt_bytes(7)?, out.last_mut()) {
            last.1.push(Endorsement { operator, signature });
        }
    }
    Ok(out)
}
