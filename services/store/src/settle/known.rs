//! An attempt as settling needs it.

use domain::campaign::CampaignState;
use domain::channel::{Channel, Level};
use domain::delivery::AttemptState;
use domain::{AttemptId, CampaignId, Form, NotificationId, SocietyCode};

use crate::StoreError;
use crate::db::Row;

/// An attempt as settling needs it.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) id: AttemptId,
    pub(crate) society: SocietyCode,
    pub(crate) campaign: CampaignId,
    pub(crate) notification: NotificationId,
    pub(crate) state: AttemptState,
    pub(crate) mask: i32,
    pub(crate) open: bool,
    pub(crate) holds_credit: bool,
    pub(crate) level: Level,
    pub(crate) form: Form,
    pub(crate) channel: Channel,
    pub(crate) shared: bool,
    pub(crate) deadline: Option<i64>,
    pub(crate) stopped: bool,
}

/// The columns of [`known`], after `a` (attempt) and `k` (campaign).
macro_rules! known_columns {
    () => {
        "a.id, a.society, a.campaign, a.notification, a.state, a.receipt_mask, a.open,
         a.holds_credit, a.level, a.form, a.channel, a.shared, a.deadline, k.state"
    };
}
pub(crate) use known_columns;

pub(crate) fn known(r: &Row) -> Result<Known, StoreError> {
    let campaign = r.word(13, CampaignState::parse)?;
    Ok(Known {
        id: r.id(0)?,
        society: r.society(1)?,
        campaign: r.id(2)?,
        notification: r.id(3)?,

        state: r.word(4, AttemptState::parse)?,
        mask: r.i32(5)?,
        open: r.bool(6)?,
        holds_credit: r.bool(7)?,
        level: r.word(8, Level::parse)?,
        form: r.word(9, Form::parse)?,
        channel: r.word(10, Channel::parse)?,
        shared: r.bool(11)?,
        deadline: r.opt_i64(12)?,
        stopped: matches!(campaign, CampaignState::Stopped | CampaignState::Closed),
    })
}
