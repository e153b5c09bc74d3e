//! Planned steps of a campaign on one channel, page by page: what a plan would come to.

use async_recursion::async_recursion as boxed;
use domain::manifest::Step;
use domain::{CampaignId, Channel, NotificationId};

use crate::db::vals;
use crate::{Store, StoreError};

impl Store {
    /// The first step of each notification on a channel, by notification id: what everybody's plan says now, sent or
    /// not.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn first_steps(
        &self,
        campaign: CampaignId,
        channel: Channel,
        after: Option<NotificationId>,
        limit: u32,
    ) -> Result<Vec<(NotificationId, Step)>, StoreError> {
        self.inner
            .db
            .read((campaign, channel, after, limit), |c, (campaign, channel, after, limit)| {
                Box::pin(async move {
                    let after = after.map_or(uuid::Uuid::nil(), |id| id.uuid());
                    let rows = c
                        .rows(
                            "SELECT n.id, s.body FROM notification n
                             JOIN step s ON s.notification = n.id AND s.decision_version = n.decision_version
                             WHERE n.campaign = $1 AND s.channel = $2 AND n.id > $3
                               AND s.step_no = (SELECT min(f.step_no) FROM step f
                                                WHERE f.notification = n.id AND f.channel = $2
                                                  AND f.decision_version = n.decision_version)
                             ORDER BY n.id LIMIT $4",
                            vals![*campaign, channel.as_str(), after, i64::from(*limit)],
                        )
                        .await?;
                    rows.iter().map(|row| Ok((row.id(0)?, row.json::<Step>(1)?))).collect()
                })
            })
            .await
    }
}
