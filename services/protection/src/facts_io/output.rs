//! What a line of output holds, and how it is written.

use std::io::Write;

use domain::channel::Recipient;
use domain::decision::{Decision, OpenRoute, Reason, RuleId};
use domain::{Channel, Level, Millis};
use serde::Serialize;

/// One line of output.
#[derive(Debug, Serialize)]
pub struct Output {
    /// Every route, closed ones included.
    pub routes: Vec<RouteOut>,
    /// Reasons that count.
    pub reasons: Vec<Reason>,
    /// Rules that fired.
    pub rules: Vec<RuleId>,
    /// No route is open.
    pub held: bool,
    /// Open routes in the order in which they would be tried: remote first, in person last.
    pub steps: Vec<RouteOut>,
}

/// A route.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RouteOut {
    /// Recipient.
    pub to: Recipient,
    /// Channel.
    pub channel: Channel,
    /// Contact point: position in the record's contact list (with several records, counted on).
    pub contact: Option<u16>,
    /// The most that may be told.
    pub level: Level,
    /// What crosses the wire.
    pub wire: Level,
    /// Milliseconds since 1970 until which it waits.
    pub waits: Option<Millis>,
}

impl Output {
    /// A decision as a line of output.
    #[must_use]
    pub fn of(decision: Decision) -> Self {
        let out = |r: &OpenRoute| RouteOut {
            to: r.route.to,
            channel: r.route.channel,
            contact: r.route.contact,
            level: r.level,
            wire: r.wire,
            waits: r.waits_until,
        };
        let routes: Vec<RouteOut> = decision.routes.iter().map(out).collect();
        let detained = decision.rules.contains(&RuleId::R03);
        let open = || {
            let visits = move |r: &&RouteOut| detained || r.channel != Channel::VisitDetention;
            routes.iter().filter(|r| r.level > Level::L0).filter(visits).copied()
        };
        let remote = open().filter(|r| r.channel.is_remote());
        let mut in_person: Vec<RouteOut> = open().filter(|r| r.channel.is_in_person()).collect();
        in_person.sort_by_key(|r| std::cmp::Reverse(r.channel));
        let steps = remote.chain(in_person).collect();
        let held = decision.held();
        Self { steps, routes, reasons: decision.reasons, rules: decision.rules, held }
    }

    /// The same text as serde writes. Most of a line are routes, whose words are ours and need no escapes: looking for
    /// some in each of them took longer than deciding.
    pub(super) fn write(&self, text: &mut Vec<u8>) -> std::io::Result<()> {
        text.extend_from_slice(b"{\"routes\":");
        write_routes(&self.routes, text)?;
        text.extend_from_slice(b",\"reasons\":");
        serde_json::to_writer(&mut *text, &self.reasons)?;
        text.extend_from_slice(b",\"rules\":");
        serde_json::to_writer(&mut *text, &self.rules)?;
        write!(text, ",\"held\":{},\"steps\":", self.held)?;
        write_routes(&self.steps, text)?;
        text.push(b'}');
        Ok(())
    }
}

fn write_routes(routes: &[RouteOut], text: &mut Vec<u8>) -> std::io::Result<()> {
    text.push(b'[');
    for (place, route) in routes.iter().enumerate() {
        if place > 0 {
            text.push(b',');
        }
        route.write(text)?;
    }
    text.push(b']');
    Ok(())
}

impl RouteOut {
    fn write(&self, text: &mut Vec<u8>) -> std::io::Result<()> {
        match self.to {
            Recipient::Person => text.extend_from_slice(b"{\"to\":\"self\""),
            Recipient::Guardian(place) => write!(text, "{{\"to\":{{\"guardian\":{place}}}")?,
        }
        for part in [",\"channel\":\"", self.channel.as_str(), "\",\"contact\":"] {
            text.extend_from_slice(part.as_bytes());
        }
        number(self.contact.map(i64::from), text)?;
        for part in [",\"level\":\"", self.level.as_str(), "\",\"wire\":\"", self.wire.as_str(), "\",\"waits\":"] {
            text.extend_from_slice(part.as_bytes());
        }
        number(self.waits.map(|at| at.0), text)?;
        text.push(b'}');
        Ok(())
    }
}

fn number(number: Option<i64>, text: &mut Vec<u8>) -> std::io::Result<()> {
    match number {
        Some(number) => write!(text, "{number}"),
        None => text.write_all(b"null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_as_serde_writes_it() {
        let mut routes = Vec::new();
        for to in [Recipient::Person, Recipient::Guardian(0), Recipient::Guardian(12)] {
            for channel in Channel::ALL {
                for level in Level::ALL {
                    let contact = (*level > Level::L2).then_some(7);
                    let waits = (*level > Level::L1).then_some(Millis(-1 + *level as i64 * 1_700_000_000_000));
                    routes.push(RouteOut { to, channel: *channel, contact, level: *level, wire: *level, waits });
                }
            }
        }
        for steps in [Vec::new(), routes[..3].to_vec(), routes.clone()] {
            let (reasons, rules) = (Reason::ALL.to_vec(), RuleId::ALL.to_vec());
            let output = Output { held: steps.is_empty(), routes: routes.clone(), reasons, rules, steps };
            let mut text = Vec::new();
            output.write(&mut text).expect("memory can be written");
            assert_eq!(String::from_utf8(text).expect("text"), serde_json::to_string(&output).expect("JSON"));
        }
    }
}
