//! What people at desks ask for: tasks of teams, and codes that callers read out. Both are bounded by what the audit
//! holds of the same operator, in one transaction with the question: two desks at once are not twice as free.

use async_recursion::async_recursion as boxed;
use domain::delivery::AttemptState;
use domain::manifest::Step;
use domain::{AttemptId, CampaignId, Channel, SocietyCode};

use crate::audit::append;
use crate::db::{Conn, Row, vals};
use crate::{Asked, AuditEntry, CodeRow, Store, StoreError, TaskRow};

/// Columns of [`task`].
macro_rules! task_columns {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.campaign, a.incident, a.society, a.state, a.channel, a.released_at, a.not_after, a.open,
                    n.person, a.drill
             FROM attempt a JOIN notification n ON n.id = a.notification
             WHERE a.channel IN ('visit_detention', 'caseworker', 'field_visit')
                   AND a.state NOT IN ('released', 'sealed') AND a.dispatches > 0 ",
            $rest
        )
    };
}

impl Store {
    /// Tasks that teams have, those due first. Without `all`, only those that nobody has answered.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn tasks(
        &self,
        campaign: Option<CampaignId>,
        society: Option<&SocietyCode>,
        all: bool,
        limit: u32,
    ) -> Result<Vec<TaskRow>, StoreError> {
        let society = society.map(ToString::to_string);
        self.inner
            .db
            .read((campaign, society, all, limit), |c, (campaign, society, all, limit)| {
                Box::pin(async move {
                    let campaign = campaign.map(|id| id.uuid());
                    let rows = c
                        .rows(
                            task_columns!(
                                "AND ($1 IS NULL OR a.campaign = $1) AND ($2 IS NULL OR a.society = $2)
                                 AND ($3 OR a.open) ORDER BY a.not_after, a.id LIMIT $4"
                            ),
                            vals![campaign, society.clone(), *all, i64::from(*limit)],
                        )
                        .await?;
                    rows.iter().map(task).collect()
                })
            })
            .await
    }

    /// One task; `None` for anything that is not one, or has not left yet.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn task(&self, attempt: AttemptId) -> Result<Option<TaskRow>, StoreError> {
        self.inner
            .db
            .read(attempt, |c, attempt| {
                Box::pin(async move {
                    let row = c.row(task_columns!("AND a.id = $1"), vals![*attempt]).await?;
                    row.as_ref().map(task).transpose()
                })
            })
            .await
    }

    /// Appends an entry unless its actor has made `limit` of the same kind within `span` milliseconds. Whether it was
    /// appended.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn audit_within(&self, entry: &AuditEntry, limit: u32, span: i64) -> Result<bool, StoreError> {
        self.inner
            .db
            .write((entry.clone(), limit, span), |c, (entry, limit, span)| {
                Box::pin(async move {
                    if made(c, &entry.actor, &entry.what, *span).await? >= i64::from(*limit) {
                        return Ok(false);
                    }
                    append(c, std::slice::from_ref(entry)).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// Looks a code up for a desk. After `limit` codes that nobody was given, within `span` milliseconds, the desk hears
    /// nothing any more, of a right code neither. The code itself is not kept.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn ask_code(&self, actor: &str, code: &str, limit: u32, span: i64) -> Result<Asked, StoreError> {
        self.inner
            .db
            .write((actor.to_owned(), code.to_owned(), limit, span), |c, (actor, code, limit, span)| {
                Box::pin(async move {
                    if made(c, actor, UNKNOWN, *span).await? >= i64::from(*limit) {
                        return Ok(Asked::Locked);
                    }
                    let found = look_up(c, code).await?;
                    let what = if found.is_some() { KNOWN } else { UNKNOWN };
                    let entry = AuditEntry { actor: actor.clone(), what: what.to_owned(), subject: "{}".to_owned() };
                    append(c, &[entry]).await?;
                    Ok(found.map_or(Asked::Unknown, Asked::Known))
                })
            })
            .await
    }
}

/// Words of the audit for a code that was asked about.
const KNOWN: &str = "code asked";
const UNKNOWN: &str = "code unknown";

/// Entries of one kind that an actor has made of late. The head is locked first: whoever asks at the same time waits.
async fn made(c: &mut Conn<'_>, actor: &str, what: &str, span: i64) -> Result<i64, StoreError> {
    c.row("SELECT seq FROM audit_head {lock}", &[]).await?;
    c.count("SELECT count(*) FROM audit WHERE actor = $1 AND what = $2 AND at > {clock} - $3", vals![actor, what, span])
        .await
}

async fn look_up(c: &mut Conn<'_>, code: &str) -> Result<Option<CodeRow>, StoreError> {
    // Of two messages with one code (one in 2^44) neither is known: nobody is taken for somebody else.
    let rows = c
        .rows(
            "SELECT a.id, a.campaign, a.incident, a.society, a.channel, a.shared, a.drill, s.body
             FROM message m JOIN attempt a ON a.id = m.attempt
             JOIN step s ON s.notification = a.notification AND s.decision_version = a.decision_version
                  AND s.step_no = a.step_no AND s.society = a.society AND s.channel = a.channel
             WHERE m.reference = $1 AND a.dispatches > 0 LIMIT 2",
            vals![code],
        )
        .await?;
    match rows.as_slice() {
        [r] => Ok(Some(CodeRow {
            attempt: r.id(0)?,
            campaign: r.id(1)?,
            incident: r.id(2)?,
            society: r.society(3)?,
            channel: r.word(4, Channel::parse)?,
            shared: r.bool(5)?,
            drill: r.bool(6)?,
            record: r.json::<Step>(7)?.contact.map(|contact| contact.record),
        })),
        _ => Ok(None),
    }
}

fn task(r: &Row) -> Result<TaskRow, StoreError> {
    Ok(TaskRow {
        attempt: r.id(0)?,
        campaign: r.id(1)?,
        incident: r.id(2)?,
        society: r.society(3)?,
        state: r.word(4, AttemptState::parse)?,
        channel: r.word(5, Channel::parse)?,
        released_at: r.millis(6)?,
        due: r.millis(7)?,
        open: r.bool(8)?,
        person: r.id(9)?,
        drill: r.bool(10)?,
    })
}
